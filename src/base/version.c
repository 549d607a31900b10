#include "bulla/version.h"

const char *bulla_version(void)
{
    return BULLA_VERSION;
}
