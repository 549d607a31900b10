#include <stdio.h>

#include "bulla/version.h"

int main(void)
{
    return printf("bulla %s\n", bulla_version()) < 0;
}
