#include "tests/support/test_data.h"
#include "ui/convert.h"
#include "ui/plot/image_cache.h"

#include <QSignalSpy>
#include <QTest>

using namespace embedscope;
using namespace embedscope::ui;

class TestImageCache : public QObject
{
    Q_OBJECT

private slots:
    void cutsThePictureOutOfItsFile();
    void badFilesAndRectanglesGiveNoPicture();
    void closingWhileDecodingIsSafe();
};

namespace {

/// Two rows of a sprite of 8 x 4 pixels: a red square and a blue one.
ImageValues spriteIn(const std::string& path)
{
    QImage sprite(8, 4, QImage::Format_RGB32);
    sprite.fill(Qt::red);
    for (int y = 0; y < 4; ++y) {
        for (int x = 4; x < 8; ++x)
            sprite.setPixelColor(x, y, Qt::blue);
    }
    sprite.save(toQString(path), "PNG");
    ImageValues values;
    values.files = {path};
    values.fileOf = {0, 0, -1};
    values.rects = {{0, 0, 4, 4}, {4, 0, 4, 4}, {}};
    return values;
}

} // namespace

void TestImageCache::cutsThePictureOutOfItsFile()
{
    const test::TemporaryFolder folder;
    const ImageValues values = spriteIn(folder.file("sprite.png"));
    ImageCache cache;
    QSignalSpy ready(&cache, &ImageCache::ready);
    QVERIFY(cache.image(values, 1).isNull());
    QTRY_COMPARE(ready.count(), 1);
    const QImage blue = cache.image(values, 1);
    QCOMPARE(blue.size(), QSize(4, 4));
    QCOMPARE(blue.pixelColor(2, 2), QColor(Qt::blue));
    QCOMPARE(cache.image(values, 0).pixelColor(2, 2), QColor(Qt::red));
    // Rows without a picture, and rows there are not.
    QVERIFY(cache.image(values, 2).isNull());
    QVERIFY(cache.image(values, 3).isNull());
    QVERIFY(cache.image(values, -1).isNull());
    QCOMPARE(ready.count(), 1);
}

void TestImageCache::badFilesAndRectanglesGiveNoPicture()
{
    const test::TemporaryFolder folder;
    ImageValues values = spriteIn(folder.file("sprite.png"));
    test::writeFile(folder.file("broken.png"), "\x89PNG but no more");
    values.files.push_back(folder.file("broken.png"));
    values.files.push_back(folder.file("missing.png"));
    values.fileOf = {1, 2, 0};
    values.rects = {{0, 0, 4, 4}, {0, 0, 4, 4}, {100, 100, 4, 4}};
    ImageCache cache;
    QSignalSpy ready(&cache, &ImageCache::ready);
    for (Index row = 0; row < 3; ++row) {
        QVERIFY(cache.image(values, row).isNull());
        QTRY_COMPARE(ready.count(), static_cast<int>(row) + 1);
        QVERIFY(cache.image(values, row).isNull());
    }
}

void TestImageCache::closingWhileDecodingIsSafe()
{
    const test::TemporaryFolder folder;
    const ImageValues values = spriteIn(folder.file("sprite.png"));
    for (int round = 0; round < 20; ++round) {
        ImageCache cache;
        QVERIFY(cache.image(values, 0).isNull());
    }
}

QTEST_MAIN(TestImageCache)
#include "tst_image_cache.moc"
