#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Whether a file's name says that it is a picture that can be shown.
bool isPictureName(std::string_view path);

/// The pictures in a folder and in the folders of it, two levels deep, by path. Hidden files and
/// linked folders are passed over, and nothing is opened. At most 200,000 entries are looked at.
/// Stopped.
Result<std::vector<std::string>> picturesIn(const std::string& folder, const Progress& progress);

/// The same table with an image column "picture", where one of its columns names pictures of a
/// folder: by the end of their paths, with or without folders and extension. A name is only ever
/// looked up among these pictures, wherever it points to. The column is taken that finds most, of
/// those with an extension of pictures in their values before others; another must find them for
/// half of the points at least, and a column of whose values 4,096 spread evenly name none is
/// passed over. A warning says how many points are without.
///
/// returns  the table as it is where no column names pictures, or where it has pictures already;
///          Stopped.
/// cost     O(n) look-ups a column; no picture is opened.
Result<std::shared_ptr<const Dataset>> withPictures(const std::shared_ptr<const Dataset>& dataset,
    const std::vector<std::string>& pictures, const Progress& progress);

} // namespace embedscope
