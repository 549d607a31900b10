/* The type of a setting: what its values look like, and what none of them speaks against. */
#include <string.h>

#include "bulla/shape.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

