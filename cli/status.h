/* SPDX-License-Identifier: MIT */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

/* The exit codes of the command, after BSD's sysexits. Scripts rely on them: docs/stint.1. */
enum status {
    STATUS_DONE = 0,
    STATUS_USAGE = 64,         /* the command line */
    STATUS_BAD_DATA = 65,      /* the message cannot be sent as it is */
    STATUS_NO_INPUT = 66,      /* a file that was named cannot be read */
    STATUS_REFUSED = 69,       /* the server will never take it, or not for everybody */
    STATUS_NO_OUTPUT = 73,     /* standard output could not be written */
    STATUS_LOCAL = 74,         /* this machine failed */
    STATUS_AGAIN = 75,         /* try again later; also: the server may have it */
    STATUS_PROTOCOL = 76,      /* the other side does not keep to the protocol */
    STATUS_LOGIN = 77,         /* the credentials were refused */
    STATUS_CONFIGURATION = 78, /* the server does not meet our conditions */
    STATUS_SIGNAL = 128        /* plus the signal's number */
};

#endif
