#include "core/io/open.h"

namespace embedscope {

Result<std::shared_ptr<const Dataset>> withMetadataFile(
    const std::shared_ptr<const Dataset>&, const std::string& path, const Progress&)
{
    return Error{
        ErrorCode::Unsupported, "metadata files are not read by this version", path, {}, {}};
}

} // namespace embedscope
