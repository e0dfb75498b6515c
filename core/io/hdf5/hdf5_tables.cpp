#include "core/io/hdf5/hdf5_tables.h"

#include "core/base/text.h"
#include "core/io/tensors/tensor_choice.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace embedscope {

namespace {

using hdf5::Class;

bool isBelow(std::string_view path, std::string_view folder)
{
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

/// A data frame is columns beside rows, never a table of vectors.
bool isFrame(const Hdf5Object& group)
{
    return !group.isDataset
        && (group.attribute("encoding-type") == "dataframe"
            || group.entries("column-order") != nullptr || group.entries("_index") != nullptr);
}

/// Numbers in a column of that name.
bool hasColumn(const Hdf5Listing& listing, const Hdf5Object& group, std::string_view name)
{
    const Hdf5Object* const child = listing.child(group, name);
    return child != nullptr && child->hasKind(Class::Number) && child->isColumn();
}

std::optional<std::uint64_t> wholeNumber(std::string_view text)
{
    const auto number = parseInteger(text);
    return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number))
                                  : std::nullopt;
}

std::vector<std::uint64_t> sparseShape(const Hdf5Object& group)
{
    const auto* entries = group.entries("shape");
    if (entries == nullptr)
        entries = group.entries("h5sparse_shape");
    std::vector<std::uint64_t> shape;
    if (entries == nullptr || entries->size() != 2)
        return shape;
    for (const std::string& entry : *entries) {
        if (const auto extent = wholeNumber(entry))
            shape.push_back(*extent);
    }
    return shape.size() == 2 ? shape : std::vector<std::uint64_t>();
}

/// The frame whose rows are those of a table of that path.
std::string frameOf(std::string_view path)
{
    if (isBelow(path, "raw/varm") || isBelow(path, "raw.varm"))
        return "raw/var";
    if (isBelow(path, "varm") || isBelow(path, "varp") || path == "varm")
        return "var";
    if (path == "X" || path == "raw/X" || path == "raw.X" || isBelow(path, "obsm")
        || isBelow(path, "obsp") || isBelow(path, "layers") || path == "obsm")
        return "obs";
    return {};
}

void judgeAnnData(Hdf5Table& table)
{
    TensorSummary& tensor = table.summary;
    const std::string_view path = tensor.name;
    const auto say = [&](double score, const char* reason) {
        tensor.score = score;
        tensor.reason = reason;
    };
    if (isBelow(path, "obsm")) {
        if (table.isPlaces)
            say(0.3, "places of the observations on a map");
        else if (foldCase(path).find("pca") != std::string::npos)
            say(0.9, "principal components of the observations");
        else
            say(table.isSparse ? 0.5 : 0.92, "an embedding of the observations");
    } else if (path == "X") {
        say(0.6, "the values of the observations");
    } else if (path == "raw/X" || path == "raw.X") {
        say(0.4, "the values before they were selected");
    } else if (isBelow(path, "layers")) {
        say(0.35, "another version of the values");
    } else if (isBelow(path, "varm")) {
        say(table.isPlaces ? 0.1 : 0.3, "an embedding of the variables");
    } else if (isBelow(path, "obsp") || isBelow(path, "varp")) {
        say(0.05, "a value for each pair, not vectors");
    } else {
        tensor.score *= 0.3;
    }
}

void judgeBenchmark(TensorSummary& tensor)
{
    if (tensor.name == "train") {
        tensor.score = 0.95;
        tensor.reason = "the vectors that are searched";
    } else if (tensor.name == "test") {
        tensor.score = 0.6;
        tensor.reason = "the vectors that are searched for";
    } else if (tensor.name == "neighbors" || tensor.name == "distances") {
        tensor.score = 0.05;
        tensor.reason = tensor.name == "neighbors" ? "numbers of the true neighbours"
                                                   : "distances to the true neighbours";
    }
}

class Finder
{
public:
    Finder(const Hdf5Listing& listing, Hdf5Convention convention)
        : m_listing(listing)
        , m_convention(convention)
    {
    }

    std::vector<Hdf5Table> find()
    {
        for (const Hdf5Object& object : m_listing.objects()) {
            const auto parent = parentPath(object.path);
            if (!object.path.empty() && m_closed.contains(std::string(parent))) {
                m_closed.insert(object.path);
                continue;
            }
            if (object.isDataset)
                dataset(object);
            else if (isFrame(object) || object.attribute("encoding-type") == "categorical")
                m_closed.insert(object.path);
            else if (isSparseGroup(m_listing, object))
                sparse(object);
        }
        keyed();
        return std::move(m_tables);
    }

private:
    /// A dictionary of vectors: nothing in the file but datasets of one dimension and length, all
    /// in one group.
    void keyed()
    {
        if (m_tables.size() < 2 || m_convention != Hdf5Convention::None)
            return;
        const Hdf5Object& first = *m_tables.front().object;
        const auto parent = parentPath(first.path);
        std::size_t datasets = 0;
        for (const Hdf5Object& object : m_listing.objects()) {
            if (!object.isDataset)
                continue;
            ++datasets;
            if (!object.hasKind(Class::Number) || object.type.length != 1 || !object.refusal.empty()
                || object.extents != first.extents || object.extents.size() != 1
                || object.extents[0] < 2 || parentPath(object.path) != parent)
                return;
        }
        const Hdf5Object* const group = m_listing.find(parent);
        if (group == nullptr || group->isDataset)
            return;
        Hdf5Table table;
        table.object = group;
        table.isKeyed = true;
        table.summary = {parent.empty() ? "/" : std::string(parent), {datasets, first.extents[0]},
            first.type.name, 0.6, "a vector in each dataset"};
        m_tables = {std::move(table)};
    }

    void add(Hdf5Table table, bool isReadable, const std::string& refusal)
    {
        TensorSummary& tensor = table.summary;
        judgeTensor(tensor, isReadable);
        if (!isReadable)
            tensor.reason = refusal;
        const bool isAnnData = m_convention == Hdf5Convention::AnnData;
        if (isAnnData && tensor.shape.size() < 2)
            return; // Columns of something.
        if (isAnnData)
            table.frame = frameOf(tensor.name);
        const bool isMap = tensor.shape.size() == 2
            && (tensor.shape[1] == 2 || tensor.shape[1] == 3) && !table.isSparse;
        table.isPlaces
            = isMap && (isBelow(tensor.name, "obsm") || isBelow(tensor.name, "varm")) && isAnnData;
        if (tensor.score > 0) {
            if (isAnnData)
                judgeAnnData(table);
            else if (m_convention == Hdf5Convention::AnnBenchmarks)
                judgeBenchmark(tensor);
            else if (m_convention == Hdf5Convention::Keras && tensor.name.starts_with("optimizer"))
                tensor.score *= 0.3; // Running means of gradients have a table's shape and name.
        }
        m_tables.push_back(std::move(table));
    }

    void dataset(const Hdf5Object& object)
    {
        Hdf5Table table;
        table.object = &object;
        table.summary.name = object.path;
        table.summary.dtype = object.type.name;
        table.summary.shape = object.extents;
        switch (object.type.kind) {
        case Class::Number:
            if (object.type.length > 1)
                table.summary.shape.push_back(object.type.length);
            table.isTransposed
                = object.entries("MATLAB_class") != nullptr && table.summary.shape.size() == 2;
            if (table.isTransposed)
                std::swap(table.summary.shape[0], table.summary.shape[1]);
            break;
        case Class::NumberRows:
            table.summary.shape.push_back(object.type.length);
            break;
        case Class::Compound:
            members(object);
            return;
        default:
            return;
        }
        const bool hasRows = !table.summary.shape.empty() && !object.extents.empty();
        add(std::move(table), object.refusal.empty() && hasRows,
            hasRows ? object.refusal : "a single number");
    }

    /// Vectors as one member of a compound dataset, as older writers of AnnData nest them.
    void members(const Hdf5Object& object)
    {
        for (const Hdf5Member& member : object.members) {
            if (member.type.kind != Class::Number || member.type.length < 2
                || object.extents.size() != 1)
                continue;
            Hdf5Table table;
            table.object = &object;
            table.member = member.name;
            table.summary.name = object.path + '/' + member.name;
            table.summary.dtype = member.type.name;
            table.summary.shape = {object.extents[0], member.type.length};
            add(std::move(table), object.refusal.empty(), object.refusal);
        }
    }

    void sparse(const Hdf5Object& group)
    {
        m_closed.insert(group.path);
        const Hdf5Object& data = *m_listing.child(group, "data");
        Hdf5Table table;
        table.object = &group;
        table.isSparse = true;
        table.summary.name = group.path;
        table.summary.dtype = data.type.name;
        table.summary.shape = sparseShape(group);
        const auto form = group.attribute("h5sparse_format");
        table.isByColumn = group.attribute("encoding-type") == "csc_matrix" || form == "csc";
        std::string refusal = "a sparse table without a shape";
        for (const char* part : {"data", "indices", "indptr"}) {
            if (const auto& why = m_listing.child(group, part)->refusal; !why.empty())
                refusal = why;
        }
        const bool isReadable = table.summary.shape.size() == 2
            && std::all_of(std::begin(kParts), std::end(kParts),
                [&](const char* part) { return m_listing.child(group, part)->refusal.empty(); });
        add(std::move(table), isReadable, refusal);
    }

    static constexpr std::array<const char*, 3> kParts{"data", "indices", "indptr"};

    const Hdf5Listing& m_listing;
    Hdf5Convention m_convention;
    std::vector<Hdf5Table> m_tables;
    std::unordered_set<std::string> m_closed; ///< Groups whose content was dealt with.
};

} // namespace

bool isSparseGroup(const Hdf5Listing& listing, const Hdf5Object& group)
{
    return !group.isDataset && hasColumn(listing, group, "data")
        && hasColumn(listing, group, "indices") && hasColumn(listing, group, "indptr");
}

Hdf5Convention conventionOf(const Hdf5Listing& listing)
{
    const auto has = [&](std::string_view path) { return listing.find(path) != nullptr; };
    const Hdf5Object* const root = listing.find("");
    if (has("obs") && (has("var") || has("X")))
        return Hdf5Convention::AnnData;
    if (has("train") && has("test") && has("neighbors"))
        return Hdf5Convention::AnnBenchmarks;
    if (has("model_weights")
        || (root != nullptr
            && (root->entries("keras_version") != nullptr
                || root->entries("layer_names") != nullptr)))
        return Hdf5Convention::Keras;
    return Hdf5Convention::None;
}

std::vector<Hdf5Table> tablesOf(const Hdf5Listing& listing, Hdf5Convention convention)
{
    return Finder(listing, convention).find();
}

} // namespace embedscope
