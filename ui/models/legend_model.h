#pragma once

#include "core/plot/coloring.h"

#include <QAbstractListModel>
#include <memory>

namespace embedscope::ui {

class ColorState;

/// The legend: a row for each category (or for the missing values of a gradient), checked where its
/// points are shown. Follows ColorState.
class LegendModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role
    {
        ColorRole = Qt::UserRole, ///< QColor
        CountRole, ///< qint64
        IsHiddenRole, ///< bool
    };

    explicit LegendModel(ColorState* color, QObject* parent = nullptr);

    std::uint16_t codeAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void update();

    ColorState* m_color;
    std::shared_ptr<const Coloring> m_coloring;
};

} // namespace embedscope::ui
