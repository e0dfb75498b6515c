#include "ui/run_window.h"

#include "ui/icons.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QFile>

namespace embedscope::ui {

int runWindow(int& argc, char** argv, const std::vector<std::string>& files,
    const ReadOptions& options, const std::vector<std::string>& added)
{
    const QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Embedscope"));
    QApplication::setApplicationVersion(QStringLiteral(EMBEDSCOPE_VERSION));
    QApplication::setOrganizationName(QStringLiteral("Embedscope"));
    QApplication::setDesktopFileName(QStringLiteral("embedscope"));
    QApplication::setWindowIcon(applicationIcon());

    const auto decoded = [](const std::vector<std::string>& names) {
        QStringList paths;
        for (const std::string& name : names)
            paths.append(QFile::decodeName(QByteArray::fromStdString(name)));
        return paths;
    };
    const QStringList paths = decoded(files);
    MainWindow window;
    window.show();
    if (!paths.isEmpty())
        window.openFiles(paths, options, decoded(added));
    return QApplication::exec();
}

} // namespace embedscope::ui
