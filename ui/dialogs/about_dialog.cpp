#include "ui/dialogs/about_dialog.h"

#include "ui/icons.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace embedscope::ui {

namespace {

struct Credit
{
    const char* name;
    const char* purpose;
    const char* licence;
};

#define TEXT(text) QT_TRANSLATE_NOOP("About", text)

constexpr Credit kLibraries[] = {
    {"Qt", TEXT("windows, drawing, SVG"), "LGPL-3.0"},
    {"Qt Charts", TEXT("charts"), "GPL-3.0"},
    {"Eigen", TEXT("linear algebra"), "MPL-2.0"},
    {"OpenBLAS", TEXT("linear algebra"), "BSD-3-Clause"},
    {"oneTBB", TEXT("parallel loops"), "Apache-2.0"},
    {"Highway", TEXT("vector instructions"), "Apache-2.0"},
    {"nlohmann-json", TEXT("JSON"), "MIT"},
    {"CLI11", TEXT("the command line"), "BSD-3-Clause"},
    {"RE2", TEXT("regular expressions"), "BSD-3-Clause"},
    {"utf8proc", TEXT("Unicode"), "MIT"},
    {"libzip", TEXT("ZIP archives"), "BSD-3-Clause"},
    {"zlib", TEXT("compression"), "Zlib"},
};

constexpr Credit kData[] = {
    {TEXT("Words"), TEXT("trained on WordNet 3.0, © Princeton University"), "WordNet License"},
    {TEXT("Digits"),
        TEXT("optical recognition of handwritten digits, E. Alpaydin and C. Kaynak, by way of "
             "scikit-learn"),
        "CC-BY-4.0, BSD-3-Clause"},
};

#undef TEXT

QString translated(const char* text)
{
    return QCoreApplication::translate("About", text);
}

template <std::size_t n> QString table(const Credit (&rows)[n])
{
    QString html = QStringLiteral("<table cellspacing='0' cellpadding='3'>");
    for (const Credit& row : rows) {
        html += QStringLiteral("<tr><td><b>%1</b></td><td>%2</td><td>%3</td></tr>")
                    .arg(translated(row.name), translated(row.purpose), QLatin1String(row.licence));
    }
    return html + QStringLiteral("</table>");
}

} // namespace

AboutDialog::AboutDialog(QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("aboutDialog"));
    setWindowTitle(tr("About Embedscope"));
    auto* mark = new QLabel(this);
    mark->setPixmap(applicationIcon().pixmap(QSize(64, 64), devicePixelRatioF()));
    auto* title = new QLabel(QStringLiteral("Embedscope"), this);
    QFont font = title->font();
    font.setPointSizeF(font.pointSizeF() * 1.8);
    font.setBold(true);
    title->setFont(font);
    auto* version = new QLabel(
        tr("Version %1 · Qt %2")
            .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion())),
        this);
    version->setForegroundRole(QPalette::PlaceholderText);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(title);
    words->addWidget(version);
    auto* head = new QHBoxLayout;
    head->setSpacing(16);
    head->addWidget(mark);
    head->addLayout(words, 1);

    auto* text = new QTextBrowser(this);
    text->setObjectName(QStringLiteral("aboutText"));
    text->setAccessibleName(tr("Licences and credits"));
    text->setHtml(QStringLiteral("<p>%1</p><p>%2</p><h3>%3</h3>%4<h3>%5</h3>%6")
                      .arg(tr("Embedscope opens a file of trained embeddings and lets you look "
                              "inside: a map of all its points, search, and the true neighbours of "
                              "every point."),
                          tr("It is free software under the GNU General Public License, version 3 "
                             "or later (GPL-3.0-or-later), and comes without any warranty."),
                          tr("Built on"), table(kLibraries), tr("Samples"), table(kData)));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(20, 20, 20, 16);
    rows->setSpacing(14);
    rows->addLayout(head);
    rows->addWidget(text, 1);
    rows->addWidget(buttons);
    resize(620, 560);
}

} // namespace embedscope::ui
