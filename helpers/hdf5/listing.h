#pragma once

#include "helpers/hdf5/answers.h"
#include "helpers/hdf5/handle.h"

namespace embedscope::hdf5 {

/// Answers List: every group and dataset that hard links reach, parents first, each group once,
/// names ascending. Links to other files and soft links are counted and not followed.
void answerList(hid_t file, Answers& answers);

} // namespace embedscope::hdf5
