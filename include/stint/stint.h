/* SPDX-License-Identifier: MIT */
#ifndef STINT_H
#define STINT_H

/* All of Stint: include this one. */

#include "stint/account.h"
#include "stint/client.h"
#include "stint/config.h"
#include "stint/io.h"
#include "stint/letter.h"
#include "stint/mailboxes.h"
#include "stint/message.h"
#include "stint/parameters.h"
#include "stint/result.h"
#include "stint/resume.h"
#include "stint/signer.h"
#include "stint/source.h"
#include "stint/tls.h"

#define STINT_VERSION "0.1.0"

#endif
