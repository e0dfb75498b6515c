#pragma once

#include "core/base/error.h"
#include "core/io/format.h"

#include <QDialog>

class QRadioButton;
class QSpinBox;

namespace embedscope::ui {

/// Asked before a table is read that is larger than the memory that is free: all of it as float16
/// where that fits, a random sample, a range of rows, or all of it all the same.
class TooLargeDialog : public QDialog
{
    Q_OBJECT

public:
    /// options   how the file was to be read. Where rows were chosen already and that did not help,
    ///           the format is read whole, and there is nothing left but to read it anyway.
    TooLargeDialog(const QString& name, const RefusedTable& table, ReadOptions options,
        QWidget* parent = nullptr);

    /// How the file is to be read now.
    ReadOptions options() const;

    /// Rows that take half of the memory that is free, as a round number; at least 1.
    static Index roundSample(const RefusedTable& table);

private:
    QWidget* sampleLine(const RefusedTable& table);
    QWidget* rangeLine(const RefusedTable& table);
    void checkRange();

    ReadOptions m_options;
    QRadioButton* m_half;
    QRadioButton* m_sample;
    QRadioButton* m_range;
    QRadioButton* m_all;
    QSpinBox* m_count;
    QSpinBox* m_seed;
    QSpinBox* m_first;
    QSpinBox* m_last;
};

} // namespace embedscope::ui
