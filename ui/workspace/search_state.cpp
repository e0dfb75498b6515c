#include "ui/workspace/search_state.h"

#include "ui/convert.h"

namespace embedscope::ui {

SearchState::SearchState(QObject* parent)
    : QObject(parent)
{
}

PointId SearchState::currentHit() const
{
    return m_position < 0 ? kNoPoint : m_result->ids[static_cast<std::size_t>(m_position)];
}

void SearchState::setQuery(const QString& query)
{
    if (query == m_query)
        return;
    m_query = query;
    restart();
}

void SearchState::setRegularExpression(bool isRegularExpression)
{
    if (isRegularExpression == m_isRegularExpression)
        return;
    m_isRegularExpression = isRegularExpression;
    restart();
}

void SearchState::setColumn(std::optional<std::size_t> column)
{
    if (column == m_column || !m_dataset || (column && *column >= m_dataset->columns().size()))
        return;
    m_column = column;
    restart();
}

void SearchState::clear()
{
    setQuery({});
}

void SearchState::next()
{
    const auto count = static_cast<Index>(m_result->ids.size());
    if (count > 0)
        goTo((m_position + 1) % count);
}

void SearchState::previous()
{
    const auto count = static_cast<Index>(m_result->ids.size());
    if (count > 0)
        goTo(m_position <= 0 ? count - 1 : m_position - 1);
}

void SearchState::goTo(Index position)
{
    if (position < -1 || position >= static_cast<Index>(m_result->ids.size()))
        return;
    // Going to the same hit again is still an order: the view should show it.
    m_position = position;
    emit positionChanged();
}

void SearchState::reset(std::shared_ptr<const Dataset> dataset)
{
    m_runner.discard();
    m_dataset = std::move(dataset);
    m_column.reset();
    // The hits so far are rows of another table.
    m_position = -1;
    m_result = std::make_shared<const SearchResult>();
    restart();
}

void SearchState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
    restart();
}

void SearchState::restart()
{
    emit queryChanged();
    if (!m_dataset || m_query.isEmpty()) {
        m_runner.discard();
        m_error.clear();
        m_position = -1;
        m_result = std::make_shared<const SearchResult>();
        emit resultChanged();
        return;
    }
    SearchQuery query;
    query.text = toStdString(m_query);
    query.isRegularExpression = m_isRegularExpression;
    query.column = m_column;
    m_runner.run<std::shared_ptr<const SearchResult>>(
        [dataset = m_dataset, query](
            const JobContext& context) -> Result<std::shared_ptr<const SearchResult>> {
            EMBEDSCOPE_TRY_ASSIGN(auto result, search(*dataset, query, context.progress()));
            return std::make_shared<const SearchResult>(std::move(result));
        },
        [this](Result<std::shared_ptr<const SearchResult>> result) {
            m_position = -1;
            if (result) {
                m_error.clear();
                m_result = std::move(result).value();
            } else {
                m_error = toQString(describe(result.error()));
                m_result = std::make_shared<const SearchResult>();
            }
            emit resultChanged();
        });
}

} // namespace embedscope::ui
