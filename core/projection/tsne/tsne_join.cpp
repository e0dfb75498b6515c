#include "core/projection/tsne/tsne.h"

namespace embedscope {

Result<Layout> joinTsne(Workbench&, const Layout&, const Dataset&, const Progress&)
{
    return Error{ErrorCode::Unsupported, "rows cannot join a t-SNE map", {}, {}, {}};
}

} // namespace embedscope
