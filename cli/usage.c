/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include "status.h"

#include "stint/stint.h"

#include <stdio.h>

static const char help[] =
    "usage: stint --server HOST[:PORT] --from MAILBOX --to MAILBOXES [OPTION]... [FILE]...\n"
    "       stint --server HOST[:PORT] --from MAILBOX --to MAILBOXES --subject TEXT [OPTION]...\n"
    "       stint --server HOST[:PORT] --check [OPTION]...\n"
    "       stint anchors PEM... | --server HOST[:PORT] [OPTION]... > anchors.c\n"
    "\n"
    "Send the message in each FILE (RFC 5322, as it is) by SMTP over verified TLS, all in one\n"
    "session. Without FILE, or with -, one message comes from standard input. Or compose one from\n"
    "the options below.\n"
    "\n"
    "  --server HOST[:PORT]    the submission server; IPv6 as [ADDRESS]:PORT; default port\n"
    "                          465; 587 for starttls, 25 for none\n"
    "  --tls MODE              implicit: TLS at once (default on port 465)\n"
    "                          starttls: required, never falls back (default on other ports)\n"
    "                          none: all in clear, without --user\n"
    "  --lmtp                  speak LMTP, to the server where the mailboxes are; HOST:PORT "
    "needed\n"
    "  --ca FILE               trusted roots (PEM); default: the system's\n"
    "  --pin sha256//BASE64    the server's key, by its hash (--check prints it); alone it is all\n"
    "                          that counts, with --ca both do; repeat it for a spare\n"
    "  --user NAME             authenticate; the password comes from --password-file or from\n"
    "                          the environment's STINT_PASSWORD\n"
    "  --password-file FILE    the password is its first line\n"
    "  --token-file FILE       an OAuth 2.0 access token instead, the first line of this\n"
    "  --auth MECHANISM        this one only, by its exact name: SCRAM-SHA-256-PLUS,\n"
    "                          SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN; of a\n"
    "                          token OAUTHBEARER, XOAUTH2; default: the first that is offered;\n"
    "                          EXTERNAL: by the client's certificate, without a password\n"
    "  --client-cert FILE, --client-key FILE\n"
    "                          this client's certificate (PEM, its issuers behind it) and key, "
    "for\n"
    "                          a server that asks\n"
    "  --from MAILBOX          envelope sender; '' for the null reverse-path\n"
    "  --to MAILBOXES          envelope recipients: 'Ops <ops@example.com>, x@example.com';\n"
    "                          repeat it for more\n"
    "  --policy any|all        when some recipients are refused: send to the others (any, the\n"
    "                          default) or to nobody (all)\n"
    "  --eager                 where the server allows it, send the message before it has said\n"
    "                          whom it takes it for: a round trip less\n"
    "  --binary                the message is not text: send its octets as they are, by BDAT\n";

/* C99 promises strings of no more than 4,095 octets. */
static const char more_help[] =
    "  --notify success,failure,delay|never\n"
    "                          of what to notify the sender (DSN)\n"
    "  --ret full|hdrs         what comes back with a notification of failure (DSN)\n"
    "  --envid ID              what notifications call the message (DSN)\n"
    "  --orcpt TYPE;ADDRESS    whom the sender meant by the first recipient; repeat it for the\n"
    "                          next ones, '' for one of whom nothing is said (DSN)\n"
    "  --submitter MAILBOX     who submitted it in the first place; '' if that is not known "
    "(AUTH)\n"
    "  --require-tls           it goes through verified TLS all the way, or not (REQUIRETLS)\n"
    "  --mt-priority N         from -9 to 9 (MT-PRIORITY)\n"
    "  --deliver-by SECONDS[:R|N]\n"
    "                          deliver within so long, or return it (R, the default) or notify\n"
    "                          the sender (N) (DELIVERBY)\n"
    "  --hold-for SECONDS, --hold-until TIME\n"
    "                          let the server keep it for so long first, or until then, as\n"
    "                          2026-12-24T18:00:00Z (FUTURERELEASE)\n"
    "  --helo NAME             what to call this machine; default: its full name, or its address\n"
    "  --timeout SECONDS       at most so long for each wait\n"
    "  --deadline SECONDS      at most so long for everything\n"
    "  --name NAME             anchors: what to call the array of trust anchors in C\n"
    "  --check                 connect, authenticate, report on the server, send nothing\n"
    "  -v, --verbose           show the dialogue, without secrets\n"
    "  -q, --quiet             say nothing when all went well\n"
    "  -h, --help              this text\n"
    "  -V, --version           the version\n"
    "\n"
    "Any of these composes the message instead of reading one, in UTF-8:\n"
    "\n"
    "  --subject TEXT          the subject\n"
    "  --text TEXT             the text; may have several lines\n"
    "  --flowed                break its long lines so that readers for terminals may do it anew\n"
    "  --html TEXT             the same as HTML\n"
    "  --attach FILE[;TYPE]    a file; its type is by its name otherwise (/etc/mime.types);\n"
    "                          texts have CRLF line ends, the rest goes as it is; - is standard\n"
    "                          input; repeat it for more\n"
    "  --inline FILE[;TYPE]    a picture that the HTML shows by cid:NAME\n"
    "  --cc, --bcc, --reply-to MAILBOXES\n"
    "                          more recipients, seen or not; whom to answer\n"
    "  --header 'NAME: TEXT'   another field of the header\n"
    "  --render                write the message to standard output, and send nothing\n"
    "\n"
    "Exit: 0 all accepted for every recipient, 64 usage, 65 bad message, 66 no input, 69 refused,\n"
    "73 74 this machine failed, 75 try again later or fate unknown, 76 protocol error, 77 login\n"
    "refused, 78 security conditions not met. See stint(1).\n";

static int print(const char *text)
{
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? STATUS_NO_OUTPUT : STATUS_DONE;
}

int usage_help(void)
{
    int status = print(help);

    return status == STATUS_DONE ? print(more_help) : status;
}

int usage_version(void)
{
    return print("stint " STINT_VERSION "\n");
}
