#pragma once

#include "ui/plot/map_painter.h"
#include "ui/workspace/column_list.h"

#include <QByteArray>
#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace embedscope::ui {

class PlotView;
class Workspace;

/// A picture to paint. Its colours are worked out where it is painted if the screen has others.
struct MapExport
{
    MapPicture picture;
    ColumnList columns;
    /// Of columns: colours the points where picture.sources.coloring is null.
    std::optional<std::size_t> column;
    ColorMode mode = ColorMode::Auto;
};

/// Paints and encodes it, on any thread. PNG bytes; TooLarge where there is no memory for it.
Result<QByteArray> paintPng(const MapExport& map);

/// How the map is to be written as a picture. What is chosen is remembered.
class ExportMapDialog : public QDialog
{
    Q_OBJECT

public:
    /// Both must outlive it. The part on screen is offered where that is not the whole map.
    ExportMapDialog(const Workspace& workspace, const PlotView& map, QWidget* parent = nullptr);

    /// The picture to paint, of what the map shows now.
    MapExport map() const;

private:
    QSize imageSize() const;
    double ratio() const;
    void remember() const;
    void updateSummary();

    const Workspace& m_workspace;
    const PlotView& m_map;
    QSpinBox* m_width;
    QSpinBox* m_height;
    QComboBox* m_scale;
    QComboBox* m_theme;
    QComboBox* m_part;
    QSpinBox* m_labels;
    QCheckBox* m_legend;
    QCheckBox* m_caption;
    QLabel* m_summary;
};

} // namespace embedscope::ui
