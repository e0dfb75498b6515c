#include "ui/workspace/selection_state.h"

namespace embedscope::ui {

SelectionState::SelectionState(QObject* parent)
    : QObject(parent)
{
}

void SelectionState::select(const PointSet& points, SelectionMode mode)
{
    if (points.universe() != m_selected.universe())
        return;
    PointSet next = m_selected;
    switch (mode) {
    case SelectionMode::Replace:
        next = points;
        break;
    case SelectionMode::Add:
        next |= points;
        break;
    case SelectionMode::Subtract:
        next -= points;
        break;
    case SelectionMode::Toggle:
        points.forEach([&](PointId id) { next.toggle(id); });
        break;
    }
    PointId current = m_current;
    if (points.count() == 1 && mode != SelectionMode::Subtract
        && next.contains(points.ids().front()))
        current = points.ids().front();
    if (current != kNoPoint && !next.contains(current))
        current = kNoPoint;
    if (current == kNoPoint && next.count() == 1)
        current = next.ids().front();
    apply(std::move(next), current);
}

void SelectionState::selectPoint(PointId id, SelectionMode mode)
{
    if (id < m_selected.universe())
        select(PointSet(m_selected.universe(), {id}), mode);
}

void SelectionState::setCurrent(PointId id)
{
    if (id >= m_selected.universe())
        return;
    if (m_selected.contains(id))
        apply(m_selected, id);
    else
        selectPoint(id);
}

void SelectionState::setHovered(PointId id)
{
    if (id != kNoPoint && id >= m_selected.universe())
        return;
    if (m_hovered == id)
        return;
    m_hovered = id;
    emit hoveredChanged();
}

void SelectionState::clear()
{
    apply(PointSet(m_selected.universe()), kNoPoint);
}

void SelectionState::reset(Index n)
{
    setHovered(kNoPoint);
    apply(PointSet(n), kNoPoint);
}

void SelectionState::grow(Index n)
{
    apply(PointSet(n, m_selected.ids()), m_current);
}

void SelectionState::apply(PointSet selected, PointId current)
{
    const bool selectionChanges = !(selected == m_selected);
    const bool currentChanges = current != m_current;
    m_selected = std::move(selected);
    m_current = current;
    if (selectionChanges)
        emit selectionChanged();
    if (currentChanges)
        emit currentChanged();
}

} // namespace embedscope::ui
