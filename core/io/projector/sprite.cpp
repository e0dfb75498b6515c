#include "core/base/text.h"
#include "core/io/projector/image_size.h"
#include "core/io/projector/projector.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

Result<Column> spriteColumn(const std::string& imagePath,
    std::optional<std::pair<Index, Index>> imageSize, Index points,
    std::vector<std::string>& warnings)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(imagePath));
    EMBEDSCOPE_TRY_ASSIGN(const ImageSize whole, probeImageSize(*source));
    if (!imageSize) {
        // Without a word on the thumbnails, the picture is taken as the square grid the projector
        // asks for.
        const auto across
            = static_cast<Index>(std::ceil(std::sqrt(static_cast<double>(points)) - 1e-9));
        imageSize = std::pair(
            std::max<Index>(whole.width / across, 1), std::max<Index>(whole.height / across, 1));
    }
    const auto [width, height] = *imageSize;
    const Index across = whole.width / width;
    const Index down = whole.height / height;
    if (across < 1 || down < 1) {
        return Error{ErrorCode::Malformed,
            "the sprite is " + std::to_string(whole.width) + " x " + std::to_string(whole.height)
                + " pixels, smaller than one of its pictures (" + std::to_string(width) + " x "
                + std::to_string(height) + ")",
            imagePath, {}, {}};
    }
    ImageValues images;
    images.files.push_back(imagePath);
    images.fileOf.assign(static_cast<std::size_t>(points), -1);
    images.rects.resize(static_cast<std::size_t>(points));
    const Index shown = std::min(points, across * down);
    for (Index i = 0; i < shown; ++i) {
        images.fileOf[static_cast<std::size_t>(i)] = 0;
        images.rects[static_cast<std::size_t>(i)]
            = ImageRect{static_cast<std::int32_t>(i % across * width),
                static_cast<std::int32_t>(i / across * height), static_cast<std::int32_t>(width),
                static_cast<std::int32_t>(height)};
    }
    if (shown < points) {
        warnings.push_back("The sprite holds " + formatCount(shown) + " pictures for "
            + formatCount(points) + " points: the last points have none.");
    }
    return Column("image", std::move(images));
}

} // namespace embedscope
