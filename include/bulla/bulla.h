/* The whole public interface. */
#ifndef BULLA_BULLA_H
#define BULLA_BULLA_H

#include "bulla/age.h"
#include "bulla/attrs.h"
#include "bulla/buf.h"
#include "bulla/bytes.h"
#include "bulla/check.h"
#include "bulla/codec.h"
#include "bulla/compose.h"
#include "bulla/contract.h"
#include "bulla/dotenv.h"
#include "bulla/error.h"
#include "bulla/file.h"
#include "bulla/fix.h"
#include "bulla/generate.h"
#include "bulla/infer.h"
#include "bulla/interpolate.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/render.h"
#include "bulla/report.h"
#include "bulla/rotate.h"
#include "bulla/secret.h"
#include "bulla/shape.h"
#include "bulla/suggest.h"
#include "bulla/text.h"
#include "bulla/values.h"
#include "bulla/vault.h"
#include "bulla/version.h"

#endif
