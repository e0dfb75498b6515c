#include "tests/fuzz/fuzz_format.h"

EMBEDSCOPE_FUZZ_READER("inversion-png")
