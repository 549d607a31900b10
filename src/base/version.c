#include "bulla/version.h"

#include "base/banned.h"

const char *bulla_version(void)
{
    return BULLA_VERSION;
}
