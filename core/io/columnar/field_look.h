#pragma once

#include "core/io/columnar/columnar_source.h"

namespace embedscope {

/// What the first rows of a column say of its use.
struct FieldLook
{
    enum class Use
    {
        Beside, ///< A column beside the points.
        List, ///< Vectors as lists of numbers.
        TextList, ///< Vectors written as text: "[0.1, 0.2]".
        ByteList, ///< Vectors as the bytes of their float32 values.
        LeftOut,
    };
    Use use = Use::LeftOut;
    Index length = 0; ///< d of the vectors; 0 where every list that was seen is missing.
    std::string fault; ///< Why its lists are no vectors, or why it is left out.
    bool isUneven = false; ///< Its lists have several lengths: the fault says where.
};

/// Looks at the first rows of a field.
Result<FieldLook> lookAtField(
    const ColumnarSource& source, std::size_t field, const Progress& progress);

} // namespace embedscope
