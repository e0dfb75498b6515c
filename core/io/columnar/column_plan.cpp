#include "core/io/columnar/column_plan.h"

#include "core/base/list_text.h"
#include "core/base/text.h"
#include "core/io/tensors/tensor_choice.h"
#include "core/io/text/column_names.h"

#include <algorithm>

namespace embedscope {

namespace {

using Use = FieldLook::Use;

constexpr std::size_t kMaxColumnsBeside = 1024;
constexpr std::size_t kNamesInMessage = 12;

std::string listed(const std::vector<std::string>& names)
{
    return listText(names.size(), kNamesInMessage, [&](std::size_t i) { return names[i]; });
}

std::string quote(const std::string& name)
{
    return '"' + printable(std::string_view(name).substr(0, 200)) + '"';
}

/// A map has several columns, all of one name.
void addOnce(std::vector<std::string>& list, std::string text)
{
    if (list.empty() || list.back() != text)
        list.push_back(std::move(text));
}

bool isVectorUse(Use use)
{
    return use == Use::List || use == Use::TextList || use == Use::ByteList;
}

struct Candidate
{
    std::size_t field = 0;
    FieldLook look;
};

struct Looks
{
    std::vector<FieldLook> fields;
    std::vector<Candidate> candidates;
    std::vector<TensorSummary> tensors; ///< One a candidate.
};

TensorSummary summaryOf(const ColumnarSource& source, std::size_t f, const FieldLook& look)
{
    const ColumnarField& field = source.fields()[f];
    TensorSummary tensor;
    tensor.name = field.name;
    tensor.shape
        = {static_cast<std::uint64_t>(source.rows()), static_cast<std::uint64_t>(look.length)};
    tensor.dtype = look.use == Use::TextList ? "text"
        : look.use == Use::ByteList          ? "float32"
                                             : field.dtype;
    judgeTensor(tensor, true);
    if (!look.fault.empty() || tensor.score <= 0) {
        tensor.score = 0;
        tensor.reason = look.fault.empty() ? tensor.reason : look.fault;
    } else if (look.use == Use::ByteList) {
        tensor.score *= 0.5;
        tensor.reason += ", bytes that look like numbers";
    }
    return tensor;
}

Result<Looks> lookAtAll(const ColumnarSource& source, const Progress& progress)
{
    Looks looks;
    for (std::size_t f = 0; f < source.fields().size(); ++f) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(FieldLook look, lookAtField(source, f, progress));
        if (isVectorUse(look.use)) {
            looks.tensors.push_back(summaryOf(source, f, look));
            looks.candidates.push_back({f, look});
        }
        looks.fields.push_back(std::move(look));
    }
    return looks;
}

class Planner
{
public:
    Planner(const ColumnarSource& source, const std::string& tensor, const std::string& label,
        Looks looks)
        : m_source(source)
        , m_tensor(tensor)
        , m_label(label)
        , m_looks(std::move(looks))
    {
    }

    Result<ColumnarPlan> plan()
    {
        const std::vector<std::size_t> columns = findDimensions();
        const bool hasVector = std::any_of(m_looks.tensors.begin(), m_looks.tensors.end(),
            [](const TensorSummary& tensor) { return tensor.score > 0; });
        const bool isUneven = std::any_of(
            m_looks.candidates.begin(), m_looks.candidates.end(), [&](const Candidate& candidate) {
                return candidate.look.isUneven && m_source.fields()[candidate.field].isFloat;
            });
        if (hasVector || !m_tensor.empty()) {
            EMBEDSCOPE_TRY(takeVector());
        } else if (columns.size() >= 2 && (m_isNumbered || !isUneven)) {
            takeColumns(columns);
        } else {
            return nothingToTake(columns.size());
        }
        takeRest();
        m_plan.tensors = std::move(m_looks.tensors);
        return std::move(m_plan);
    }

private:
    const std::string& name(std::size_t field) const { return m_source.fields()[field].name; }

    Status takeVector()
    {
        EMBEDSCOPE_TRY_ASSIGN(const std::size_t chosen,
            chooseTensor(m_looks.tensors, m_tensor, m_source.path(), m_plan.notes));
        const Candidate& candidate = m_looks.candidates[chosen];
        m_plan.vectors = candidate.look.use;
        m_plan.vectorField = candidate.field;
        m_plan.dimensions = candidate.look.length;
        std::vector<bool> isNumber(m_names.size());
        for (std::size_t f = 0; f < m_names.size(); ++f)
            isNumber[f] = m_source.fields()[f].kind == FieldKind::Number;
        m_plan.coordinates = findCoordinates(m_names, isNumber);
        return {};
    }

    /// Numbers that no name gives another use; floating ones alone where there are two and more.
    std::vector<bool> possibleDimensions()
    {
        std::vector<bool> isNumber(m_names.size());
        std::vector<bool> isFloat(m_names.size());
        for (std::size_t f = 0; f < m_names.size(); ++f) {
            const ColumnarField& field = m_source.fields()[f];
            isNumber[f] = field.kind == FieldKind::Number && field.name != m_label
                && !describesRow(field.name) && !field.name.starts_with("__index_level_");
            isFloat[f] = isNumber[f] && field.isFloat;
        }
        const auto places = findCoordinates(m_names, isNumber);
        const auto countOf = [](const std::vector<bool>& flags) {
            return std::count(flags.begin(), flags.end(), true);
        };
        std::vector<bool> withoutPlaces = countOf(isFloat) >= 2 ? isFloat : isNumber;
        std::vector<bool> all = withoutPlaces;
        for (const std::size_t f : places)
            withoutPlaces[f] = false;
        if (places.empty() || countOf(withoutPlaces) < 2)
            return all;
        m_places = places;
        return withoutPlaces;
    }

    /// Names that count up say it best; a long run of numbers says it, too; a few numbers here and
    /// there are all taken together.
    std::vector<std::size_t> findDimensions()
    {
        for (const ColumnarField& field : m_source.fields())
            m_names.push_back(field.name);
        const std::vector<bool> isPossible = possibleDimensions();
        ColumnRun chosen = longestRun(isPossible);
        ColumnRun numbered;
        for (const ColumnRun& run : findNumberedRuns(m_names, isPossible)) {
            if (run.size() > numbered.size())
                numbered = run;
        }
        constexpr std::size_t kMany = 16;
        constexpr std::size_t kFew = 8;
        if (numbered.size() > 0
            && (numbered.size() * 2 >= chosen.size() || numbered.size() >= kMany)) {
            chosen = numbered;
            m_isNumbered = true;
        }
        const bool takesEach = chosen.size() < kFew && numbered.size() == 0;
        std::vector<std::size_t> taken;
        for (std::size_t f = 0; f < isPossible.size(); ++f) {
            if (takesEach ? isPossible[f] : f >= chosen.begin && f < chosen.end)
                taken.push_back(f);
        }
        return taken;
    }

    void takeColumns(const std::vector<std::size_t>& columns)
    {
        m_plan.vectors = Use::Beside;
        m_plan.dimensionFields = columns;
        m_plan.dimensions = static_cast<Index>(columns.size());
        m_plan.coordinates = m_places;
        if (m_isNumbered)
            return;
        std::vector<std::string> names;
        for (const std::size_t f : columns)
            names.push_back(quote(name(f)));
        m_plan.warnings.push_back(
            "No column holds vectors, so these columns of numbers are taken as the dimensions: "
            + listed(names) + '.');
    }

    void takeRest()
    {
        std::vector<std::string> leftOut;
        std::size_t count = 0;
        for (std::size_t f = 0; f < m_names.size(); ++f) {
            const auto& taken = m_plan.dimensionFields;
            const bool isTaken = m_plan.vectors == Use::Beside
                ? std::binary_search(taken.begin(), taken.end(), f)
                : f == m_plan.vectorField;
            const FieldLook& look = m_looks.fields[f];
            if (isTaken || (isVectorUse(look.use) && look.fault.empty()))
                continue; // Other vectors can be chosen as the tensor, which the list says.
            // Text that looks like lists but holds no vectors is text all the same.
            const bool isBeside = look.use == Use::Beside || look.use == Use::TextList;
            if (!isBeside)
                addOnce(leftOut, quote(name(f)) + " (" + look.fault + ')');
            else if (++count <= kMaxColumnsBeside)
                m_plan.beside.push_back(f);
        }
        if (!leftOut.empty())
            m_plan.warnings.push_back("Columns that are left out: " + listed(leftOut) + '.');
        if (count > kMaxColumnsBeside) {
            m_plan.warnings.push_back("The file has " + formatCount(static_cast<Index>(count))
                + " columns beside the vectors; the first " + formatCount(kMaxColumnsBeside)
                + " are kept.");
        }
    }

    Error nothingToTake(std::size_t columns) const
    {
        std::string what = "no column holds vectors";
        ErrorCode code = ErrorCode::Unsupported;
        for (const Candidate& candidate : m_looks.candidates) {
            what = "the column " + quote(name(candidate.field))
                + " cannot be read as vectors: " + candidate.look.fault;
            code = ErrorCode::Malformed;
            if (candidate.look.isUneven)
                break;
        }
        if (m_looks.candidates.empty()) {
            const std::string besides = columns == 1
                ? ": only one column of numbers could be a vector, and two or more are needed"
                : "";
            std::vector<std::string> unread;
            for (std::size_t f = 0; f < m_names.size(); ++f) {
                if (m_looks.fields[f].use == Use::LeftOut)
                    addOnce(unread, quote(name(f)) + ": " + m_looks.fields[f].fault);
            }
            what += besides;
            if (!unread.empty())
                what += " (" + listed(unread) + ')';
            what += "; if it describes the rows of another file, open that one and lay this beside "
                    "it as metadata";
        }
        return Error{code, std::move(what), m_source.path(), {}, {}};
    }

    const ColumnarSource& m_source;
    const std::string& m_tensor;
    const std::string& m_label;
    Looks m_looks;
    std::vector<std::string> m_names;
    std::vector<std::size_t> m_places;
    bool m_isNumbered = false;
    ColumnarPlan m_plan;
};

Status checkHasRows(const ColumnarSource& source)
{
    if (source.rows() > 0)
        return {};
    return Error{ErrorCode::Malformed, "the table has columns but no rows", source.path(), {}, {}};
}

} // namespace

Result<ColumnarPlan> planColumns(const ColumnarSource& source, const std::string& wantedTensor,
    const std::string& labelColumn, const Progress& progress)
{
    EMBEDSCOPE_TRY(checkHasRows(source));
    EMBEDSCOPE_TRY_ASSIGN(Looks looks, lookAtAll(source, progress));
    return Planner(source, wantedTensor, labelColumn, std::move(looks)).plan();
}

Result<std::vector<TensorSummary>> listVectorColumns(
    const ColumnarSource& source, const Progress& progress)
{
    EMBEDSCOPE_TRY(checkHasRows(source));
    EMBEDSCOPE_TRY_ASSIGN(Looks looks, lookAtAll(source, progress));
    return std::move(looks.tensors);
}

} // namespace embedscope
