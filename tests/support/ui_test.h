#pragma once

#include "core/io/writers/write.h"
#include "tests/support/safetensors_bytes.h"
#include "tests/support/test_data.h"

#include <QApplication>
#include <QCoreApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QSettings>
#include <QString>
#include <QUrl>
#include <QWidget>
#include <string>

namespace embedscope::test {

/// Settings of their own for a test of the window: none of the user's are read or written.
class IsolatedSettings
{
public:
    IsolatedSettings()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("Embedscope"));
        QCoreApplication::setApplicationName(QStringLiteral("EmbedscopeTest"));
        QSettings::setPath(
            QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(m_folder.path()));
        QSettings().clear();
    }

private:
    TemporaryFolder m_folder;
};

/// Drags a file over a widget and drops it there. False where it was not accepted.
inline bool dropFile(QWidget* target, const QString& path)
{
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &enter);
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(target, &drop);
    return enter.isAccepted();
}

/// Three words a group, "group0_0" …, in d dimensions, as word2vec text.
inline std::string wordsFile(
    const TemporaryFolder& folder, const std::string& name, Index n, Index d)
{
    const Matrix values = blobs(n, d, 3);
    std::string text = std::to_string(n) + ' ' + std::to_string(d) + '\n';
    for (Index i = 0; i < n; ++i) {
        text += "group" + std::to_string(i % 3) + '_' + std::to_string(i / 3);
        for (Index j = 0; j < d; ++j)
            text += ' ' + std::to_string(values(i, j));
        text += '\n';
    }
    const std::string path = folder.file(name);
    writeFile(path, text);
    return path;
}

/// A safetensors file of two tables, of which the token table is meant more likely by far.
inline std::string twoTables(const TemporaryFolder& folder)
{
    const std::string values(4 * 3 * 4, '\1');
    const std::string path = folder.file("two.safetensors");
    writeFile(path,
        safetensors({{"embed_tokens.weight", "F32", "[4,3]", values},
            {"fc.weight", "F32", "[3,4]", values}}));
    return path;
}

/// n x d standard normal values as NPY.
inline std::string npyFile(const TemporaryFolder& folder, const std::string& name, Index n, Index d)
{
    const std::string path = folder.file(name);
    const Status written = writeNpy(path, normalMatrix(n, d), {});
    return written ? path : std::string();
}

} // namespace embedscope::test
