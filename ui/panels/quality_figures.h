#pragma once

#include "core/analysis/quality.h"

#include <QList>
#include <QString>
#include <QWidget>
#include <optional>

class QVBoxLayout;

namespace embedscope::ui {

/// A figure of a map's quality as a person reads it.
struct QualityFigure
{
    QString name;
    QString value; ///< "0.94", "4.3 of 10".
    std::optional<double> share; ///< Length of its bar, 0 to 1; none where it has no best value.
    QString meaning; ///< One line in words.
};

/// The figures of a measured layout, the most telling first; those of a method (KL divergence,
/// explained variance) where its layout has them.
QList<QualityFigure> qualityFigures(const LayoutQuality& quality);

/// Figures below one another: name, value, bar and what it means.
class QualityFigures : public QWidget
{
    Q_OBJECT

public:
    explicit QualityFigures(QWidget* parent = nullptr);

    void setFigures(const QList<QualityFigure>& figures);

private:
    QVBoxLayout* m_rows;
};

} // namespace embedscope::ui
