#pragma once

#include "helpers/hdf5/answers.h"
#include "helpers/hdf5/handle.h"

#include <string>

namespace embedscope::hdf5 {

/// A Read request, taken apart.
struct ReadRequest
{
    Element element = Element::Float32;
    std::string path;
    std::string member; ///< Of a compound; else empty.
    std::uint64_t first = 0;
    std::uint64_t rows = 0;
    std::uint64_t rowValues = 0; ///< In each row; what the listing said.
};

/// Answers Read: the values as Element in blocks of whole rows, aligned with the chunks of the
/// dataset so that each is expanded once.
void answerRead(hid_t file, const ReadRequest& request, Answers& answers);

} // namespace embedscope::hdf5
