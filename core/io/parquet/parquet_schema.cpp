#include "core/io/parquet/parquet_schema.h"

namespace embedscope {

namespace {

constexpr int kMostDepth = 32;
constexpr std::size_t kMostNameBytes = 512; // A name is copied to everything below it.

/// What a node hands down to its children.
struct Above
{
    std::string name; ///< Of everything above that is not part of a list's layout.
    int definition = 0;
    int repetition = 0;
    int repeatedDefinition = 0;
    bool isMap = false;
    bool isList = false; ///< The parent is annotated as a list.
    bool isForked = false; ///< Below the repeated node there are several fields.
};

class Flattener
{
public:
    Flattener(const std::vector<ParquetNode>& nodes, std::vector<ParquetLeaf>& leaves)
        : m_nodes(nodes)
        , m_leaves(leaves)
    {
    }

    /// False where the counts of children contradict the list, or nest too deep.
    bool flatten()
    {
        const std::int32_t children = m_nodes.front().children;
        m_next = 1;
        for (std::int32_t i = 0; i < children; ++i) {
            if (!visit({}, 1))
                return false;
        }
        return m_next == m_nodes.size();
    }

private:
    bool visit(Above above, int depth)
    {
        if (m_next >= m_nodes.size() || depth > kMostDepth)
            return false;
        const ParquetNode& node = m_nodes[m_next++];
        const bool isRepeated = node.repetition == ParquetRepetition::Repeated;
        // The names "list" and "element" of a list's layout say nothing, nor do a map's.
        const bool isLayout = above.repetition > 0 || (isRepeated && (above.isList || above.isMap));
        if (!isLayout && above.name.size() < kMostNameBytes)
            above.name += (above.name.empty() ? "" : ".") + node.name;
        above.definition += node.repetition == ParquetRepetition::Required ? 0 : 1;
        if (isRepeated) {
            ++above.repetition;
            above.repeatedDefinition = above.definition;
        }
        above.isMap = above.isMap || node.meaning == ParquetMeaning::Map;
        above.isList = node.meaning == ParquetMeaning::List;
        above.isForked = above.isForked || (above.repetition > 0 && node.children > 1);
        if (node.children == 0) {
            addLeaf(node, above);
            return true;
        }
        for (std::int32_t i = 0; i < node.children; ++i) {
            if (!visit(above, depth + 1))
                return false;
        }
        return true;
    }

    void addLeaf(const ParquetNode& node, const Above& above)
    {
        ParquetLeaf leaf;
        leaf.name = above.name;
        leaf.node = node;
        leaf.maxDefinition = above.definition;
        leaf.maxRepetition = above.repetition;
        leaf.repeatedDefinition = above.repeatedDefinition;
        if (above.isMap)
            leaf.unread = "a map";
        else if (above.repetition > 1)
            leaf.unread = "lists of lists";
        else if (above.isForked)
            leaf.unread = "a list of structures";
        else if (node.type == ParquetType::None)
            leaf.unread = "a group without fields";
        else if (node.meaning == ParquetMeaning::Other)
            leaf.unread = "a type that is not shown";
        m_leaves.push_back(std::move(leaf));
    }

    const std::vector<ParquetNode>& m_nodes;
    std::vector<ParquetLeaf>& m_leaves;
    std::size_t m_next = 0;
};

bool hasPossibleLength(const ParquetNode& node)
{
    if (node.type != ParquetType::FixedBytes)
        return true;
    if (node.meaning == ParquetMeaning::Float16)
        return node.typeLength == 2;
    return node.typeLength > 0;
}

} // namespace

Result<std::vector<ParquetLeaf>> parquetLeaves(
    const std::vector<ParquetNode>& nodes, const std::string& path)
{
    std::vector<ParquetLeaf> leaves;
    bool isSound = Flattener(nodes, leaves).flatten();
    for (const ParquetLeaf& leaf : leaves)
        isSound = isSound && hasPossibleLength(leaf.node);
    if (!isSound) {
        return Error{
            ErrorCode::Malformed, "the columns in its footer contradict each other", path, {}, {}};
    }
    return leaves;
}

} // namespace embedscope
