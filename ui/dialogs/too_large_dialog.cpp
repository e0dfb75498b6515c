#include "ui/dialogs/too_large_dialog.h"

#include "core/base/text.h"
#include "ui/convert.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope::ui {

namespace {

int boxLimit(std::int64_t rows)
{
    return static_cast<int>(std::min<std::int64_t>(rows, std::numeric_limits<int>::max()));
}

QSpinBox* numberBox(QWidget* parent, const char* name, int minimum, int maximum, int value)
{
    auto* box = new QSpinBox(parent);
    box->setObjectName(QLatin1String(name));
    box->setRange(minimum, maximum);
    box->setGroupSeparatorShown(true);
    box->setValue(value);
    return box;
}

/// What a table takes at most while it is read as float16: a band of it is float32 for a while.
std::uint64_t halfPeak(const RefusedTable& table)
{
    return table.bytes / 2 + table.bytes / 8;
}

} // namespace

Index TooLargeDialog::roundSample(const RefusedTable& table)
{
    const double rowBytes = static_cast<double>(table.columns) * sizeof(float);
    const double fitting = std::min(
        static_cast<double>(table.allowed) / 2 / rowBytes, static_cast<double>(table.rows) / 2);
    if (fitting < 2)
        return 1;
    const double unit = std::pow(10.0, std::floor(std::log10(fitting)));
    const double digits = fitting / unit;
    return static_cast<Index>((digits >= 5 ? 5 : digits >= 2 ? 2 : 1) * unit);
}

TooLargeDialog::TooLargeDialog(
    const QString& name, const RefusedTable& table, ReadOptions options, QWidget* parent)
    : QDialog(parent)
    , m_options(std::move(options))
    , m_half(new QRadioButton(this))
    , m_sample(new QRadioButton(tr("A random &sample of"), this))
    , m_range(new QRadioButton(tr("A &range of rows, from"), this))
    , m_all(new QRadioButton(tr("&All of it, though the computer may come to a standstill"), this))
    , m_count(nullptr)
    , m_seed(nullptr)
    , m_first(nullptr)
    , m_last(nullptr)
{
    setObjectName(QStringLiteral("tooLargeDialog"));
    setWindowTitle(tr("More Than Memory Holds"));
    auto* about = new QLabel(
        tr("%1 holds a table of %2 × %3 values. It takes %4 in memory, and %5 are free. Nothing "
           "of it has been read yet.")
            .arg(name, numberText(table.rows), numberText(table.columns),
                toQString(formatBytes(table.bytes)), toQString(formatBytes(table.allowed))),
        this);
    about->setObjectName(QStringLiteral("tooLargeAbout"));
    about->setTextFormat(Qt::PlainText);
    about->setWordWrap(true);
    auto* question = new QLabel(tr("What is to be opened?"), this);
    m_half->setObjectName(QStringLiteral("tooLargeHalf"));
    m_half->setText(tr("All rows as &float16, in %1: values keep about three digits")
                        .arg(toQString(formatBytes(table.bytes / 2))));
    m_sample->setObjectName(QStringLiteral("tooLargeSample"));
    m_range->setObjectName(QStringLiteral("tooLargeRange"));
    m_all->setObjectName(QStringLiteral("tooLargeAll"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    // They stand in lines of their own and would each be alone otherwise.
    auto* choice = new QButtonGroup(this);
    for (QRadioButton* button : {m_half, m_sample, m_range, m_all})
        choice->addButton(button);

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(20, 20, 20, 16);
    rows->setSpacing(12);
    rows->addWidget(about);
    rows->addWidget(question);
    rows->addWidget(m_half);
    rows->addWidget(sampleLine(table));
    rows->addWidget(rangeLine(table));
    rows->addWidget(m_all);
    const bool isPart = m_options.rows.isAll();
    if (!isPart) {
        question->setText(tr("Files of this format are read whole before rows of them are chosen, "
                             "so a part takes as much memory while it is read."));
        question->setWordWrap(true);
        for (QWidget* part : {m_sample->parentWidget(), m_range->parentWidget()})
            part->hide();
    }
    const bool fitsAsHalf = isPart && !m_options.isHalf && halfPeak(table) <= table.allowed;
    m_half->setVisible(fitsAsHalf);
    (fitsAsHalf ? m_half : isPart ? m_sample : m_all)->setChecked(true);
    rows->addSpacing(4);
    rows->addWidget(buttons);
    setMinimumWidth(520);
}

QWidget* TooLargeDialog::sampleLine(const RefusedTable& table)
{
    auto* widget = new QWidget(this);
    m_count
        = numberBox(widget, "tooLargeCount", 1, boxLimit(table.rows), boxLimit(roundSample(table)));
    m_count->setAccessibleName(tr("Rows of the sample"));
    m_seed = numberBox(widget, "tooLargeSeed", 0, std::numeric_limits<int>::max(), 0);
    m_seed->setAccessibleName(tr("Seed of the sample"));
    m_seed->setToolTip(tr("The same seed draws the same rows."));
    auto* line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_sample);
    line->addWidget(m_count);
    line->addWidget(new QLabel(tr("rows, seed"), widget));
    line->addWidget(m_seed);
    line->addStretch(1);
    for (QSpinBox* box : {m_count, m_seed})
        connect(box, &QSpinBox::valueChanged, m_sample, [this] { m_sample->setChecked(true); });
    return widget;
}

QWidget* TooLargeDialog::rangeLine(const RefusedTable& table)
{
    auto* widget = new QWidget(this);
    const int last = boxLimit(table.rows - 1);
    m_first = numberBox(widget, "tooLargeFirst", 0, last, 0);
    m_first->setAccessibleName(tr("First row"));
    m_last = numberBox(
        widget, "tooLargeLast", 0, last, std::min(last, boxLimit(roundSample(table) - 1)));
    m_last->setAccessibleName(tr("Last row"));
    auto* line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_range);
    line->addWidget(m_first);
    line->addWidget(new QLabel(tr("to"), widget));
    line->addWidget(m_last);
    line->addStretch(1);
    for (QSpinBox* box : {m_first, m_last}) {
        connect(box, &QSpinBox::valueChanged, m_range, [this] {
            m_range->setChecked(true);
            checkRange();
        });
    }
    return widget;
}

/// The last row is never before the first.
void TooLargeDialog::checkRange()
{
    m_last->setMinimum(m_first->value());
}

ReadOptions TooLargeDialog::options() const
{
    ReadOptions options = m_options;
    if (m_half->isChecked()) {
        options.isHalf = true;
    } else if (m_sample->isChecked()) {
        options.rows = {};
        options.rows.sample = m_count->value();
        options.rows.seed = static_cast<std::uint64_t>(m_seed->value());
    } else if (m_range->isChecked()) {
        options.rows = {};
        options.rows.range = {m_first->value(), Index{m_last->value()} + 1};
    } else {
        options.maxMemory = std::numeric_limits<std::uint64_t>::max();
    }
    return options;
}

} // namespace embedscope::ui
