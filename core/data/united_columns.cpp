#include "core/data/united_columns.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace embedscope {

namespace {

using Parts = std::vector<PartColumns>;

/// A column of the result, and which column of each table stands in it.
struct Plan
{
    std::string name;
    int occurrence = 0; ///< Tables may hold several columns of a name.
    bool isLabel = false;
    std::vector<std::optional<std::size_t>> columnOf; ///< For each table.
};

/// Values are appended table by table.
class Builder
{
public:
    Builder(ColumnKind kind, Index rows)
        : m_kind(kind)
    {
        const auto n = static_cast<std::size_t>(rows);
        if (kind == ColumnKind::Category)
            m_categories.codes.reserve(n);
        else if (kind == ColumnKind::Number)
            m_numbers.values.reserve(n);
        else if (kind == ColumnKind::Text)
            m_texts.reserve(rows, 0);
    }

    void appendMissing(Index count)
    {
        const auto n = static_cast<std::size_t>(count);
        switch (m_kind) {
        case ColumnKind::Text:
            for (Index i = 0; i < count; ++i)
                m_texts.appendMissing();
            break;
        case ColumnKind::Category:
            m_categories.codes.insert(m_categories.codes.end(), n, -1);
            break;
        case ColumnKind::Number:
            m_numbers.values.insert(
                m_numbers.values.end(), n, std::numeric_limits<double>::quiet_NaN());
            break;
        case ColumnKind::Image:
            m_images.fileOf.insert(m_images.fileOf.end(), n, -1);
            m_images.rects.insert(m_images.rects.end(), n, ImageRect{});
            break;
        }
    }

    void append(const Column& column)
    {
        switch (m_kind) {
        case ColumnKind::Text:
            appendTexts(column);
            break;
        case ColumnKind::Category:
            appendCodes(*column.asCategory());
            break;
        case ColumnKind::Number:
            m_numbers.values.insert(m_numbers.values.end(), column.asNumber()->values.begin(),
                column.asNumber()->values.end());
            break;
        case ColumnKind::Image:
            appendImages(*column.asImage());
            break;
        }
    }

    Column::Values values() &&
    {
        switch (m_kind) {
        case ColumnKind::Text:
            return std::move(m_texts);
        case ColumnKind::Category:
            return std::move(m_categories);
        case ColumnKind::Number:
            return std::move(m_numbers);
        case ColumnKind::Image:
            break;
        }
        return std::move(m_images);
    }

private:
    void appendTexts(const Column& column)
    {
        for (Index i = 0; i < column.size(); ++i) {
            if (column.isMissing(i))
                m_texts.appendMissing();
            else
                m_texts.append(column.text(i));
        }
    }

    void appendCodes(const CategoryValues& more)
    {
        std::vector<std::int32_t> codeOf;
        for (const std::string& category : more.categories) {
            const auto [known, isNew] = m_codes.try_emplace(
                category, static_cast<std::int32_t>(m_categories.categories.size()));
            if (isNew)
                m_categories.categories.push_back(category);
            codeOf.push_back(known->second);
        }
        for (const std::int32_t code : more.codes)
            m_categories.codes.push_back(code < 0 ? -1 : codeOf[static_cast<std::size_t>(code)]);
    }

    void appendImages(const ImageValues& more)
    {
        auto& files = m_images.files;
        std::vector<std::int32_t> numberOf;
        for (const std::string& file : more.files) {
            const auto known = std::find(files.begin(), files.end(), file);
            numberOf.push_back(static_cast<std::int32_t>(known - files.begin()));
            if (known == files.end())
                files.push_back(file);
        }
        for (const std::int32_t file : more.fileOf)
            m_images.fileOf.push_back(file < 0 ? -1 : numberOf[static_cast<std::size_t>(file)]);
        m_images.rects.insert(m_images.rects.end(), more.rects.begin(), more.rects.end());
    }

    ColumnKind m_kind;
    TextValues m_texts;
    CategoryValues m_categories;
    std::unordered_map<std::string, std::int32_t> m_codes;
    NumberValues m_numbers;
    ImageValues m_images;
};

/// The kind that holds all of a plan's columns.
ColumnKind kindOf(const Plan& plan, const Parts& parts)
{
    std::optional<ColumnKind> kind;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        if (!plan.columnOf[p])
            continue;
        const ColumnKind own = (*parts[p].columns)[*plan.columnOf[p]].kind();
        if (kind && *kind != own)
            return ColumnKind::Text;
        kind = own;
    }
    return kind.value_or(ColumnKind::Text);
}

std::vector<Plan> planColumns(const Parts& parts)
{
    std::vector<Plan> plans;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        const Columns& columns = *parts[p].columns;
        std::unordered_map<std::string, int> seen;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (parts[p].left == c)
                continue;
            const bool isLabel = parts[p].labelColumn == c;
            const int occurrence = isLabel ? 0 : seen[columns[c].name()]++;
            auto plan = std::find_if(plans.begin(), plans.end(), [&](const Plan& known) {
                return known.isLabel == isLabel
                    && (isLabel
                        || (known.name == columns[c].name() && known.occurrence == occurrence));
            });
            if (plan == plans.end()) {
                plans.push_back({columns[c].name(), occurrence, isLabel,
                    std::vector<std::optional<std::size_t>>(parts.size())});
                plan = plans.end() - 1;
            }
            plan->columnOf[p] = c;
        }
    }
    return plans;
}

} // namespace

std::string freeColumnName(const std::string& wanted, const Columns& columns)
{
    std::string name = wanted;
    for (int number = 2; findColumn(columns, name); ++number)
        name = wanted + ' ' + std::to_string(number);
    return name;
}

UnitedColumns uniteColumns(const Parts& parts)
{
    Index rows = 0;
    for (const PartColumns& part : parts)
        rows += part.rows;
    UnitedColumns united;
    for (const Plan& plan : planColumns(parts)) {
        Builder builder(kindOf(plan, parts), rows);
        for (std::size_t p = 0; p < parts.size(); ++p) {
            if (plan.columnOf[p])
                builder.append((*parts[p].columns)[*plan.columnOf[p]]);
            else
                builder.appendMissing(parts[p].rows);
        }
        if (plan.isLabel)
            united.labelColumn = united.columns.size();
        // A label column takes the first table's name for it, which another column may have.
        united.columns.emplace_back(
            plan.occurrence == 0 ? freeColumnName(plan.name, united.columns) : plan.name,
            std::move(builder).values());
    }
    return united;
}

} // namespace embedscope
