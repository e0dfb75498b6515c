#include "tests/support/png_bytes.h"
#include "tests/support/test_data.h"
#include "ui/convert.h"
#include "ui/plot/image_cache.h"
#include "ui/plot/read_picture.h"

#include <QImageReader>
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
    void aPictureOfItsOwnIsKeptSmall();
    void manyPicturesAreHeldAtOnce();
    void hugePicturesAreNotDecoded();
    void drawingsAreNoPictures();
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

void TestImageCache::aPictureOfItsOwnIsKeptSmall()
{
    const test::TemporaryFolder folder;
    QImage large(1200, 600, QImage::Format_RGB32);
    large.fill(Qt::green);
    QImage small(6, 3, QImage::Format_RGB32);
    small.fill(Qt::yellow);
    ImageValues values;
    values.files = {folder.file("large.png"), folder.file("small.jpg.png")};
    large.save(toQString(values.files[0]), "PNG");
    small.save(toQString(values.files[1]), "PNG");
    values.fileOf = {0, 1};
    values.rects.resize(2);
    ImageCache cache;
    QSignalSpy ready(&cache, &ImageCache::ready);
    for (Index row = 0; row < 2; ++row) {
        QVERIFY(cache.image(values, row).isNull());
        QTRY_COMPARE(ready.count(), static_cast<int>(row) + 1);
    }
    const QImage shown = cache.image(values, 0);
    QCOMPARE(shown.width(), 2 * shown.height()); // As it is, but smaller.
    QVERIFY(shown.width() <= 512);
    QCOMPARE(shown.pixelColor(10, 10), QColor(Qt::green));
    QCOMPARE(cache.image(values, 1).size(), QSize(6, 3)); // Never blown up.
}

void TestImageCache::manyPicturesAreHeldAtOnce()
{
    const test::TemporaryFolder folder;
    ImageValues values;
    for (int i = 0; i < 40; ++i) {
        QImage image(4, 4, QImage::Format_RGB32);
        image.fill(QColor(i, 0, 0));
        values.files.push_back(folder.file(std::to_string(i) + ".png"));
        image.save(toQString(values.files.back()), "PNG");
        values.fileOf.push_back(i);
    }
    values.rects.resize(40);
    ImageCache cache;
    QSignalSpy ready(&cache, &ImageCache::ready);
    for (Index row = 0; row < 40; ++row) {
        cache.image(values, row);
        QTRY_COMPARE(ready.count(), static_cast<int>(row) + 1);
    }
    for (Index row = 0; row < 40; ++row)
        QCOMPARE(cache.image(values, row).pixelColor(1, 1).red(), static_cast<int>(row));
}

void TestImageCache::hugePicturesAreNotDecoded()
{
    // A whole picture of one bit a pixel, so that it could be decoded: 400 million pixels.
    const test::TemporaryFolder folder;
    const auto bigEndian = [](std::uint32_t value) {
        std::string bytes;
        for (const int shift : {24, 16, 8, 0})
            bytes += static_cast<char>(value >> shift & 0xffU);
        return bytes;
    };
    const std::string png = folder.file("huge.png");
    test::writeFile(png,
        "\x89PNG\r\n\x1a\n"
            + test::pngChunk(
                "IHDR", bigEndian(20'000) + bigEndian(20'000) + std::string("\x01\0\0\0\0", 5))
            + test::pngChunk("IDAT", test::zlibPacked(std::string(20'000 * 2501, '\0')))
            + test::pngChunk("IEND", {}));
    QCOMPARE(QImageReader(toQString(png)).size(), QSize(20'000, 20'000));
    QVERIFY(readPicture(png, {}, 100).isNull());
    QVERIFY(readPicture(png, {0, 0, 10, 10}, 0).isNull());
    // A JPEG, of which a decoder would make a small picture at once.
    const std::string jpeg = folder.file("huge.jpg");
    QImage image(16, 16, QImage::Format_RGB32);
    image.fill(Qt::red);
    image.save(toQString(jpeg), "JPEG");
    QVERIFY(!readPicture(jpeg, {}, 100).isNull());
    std::string bytes = test::readFile(jpeg);
    const std::size_t frame = bytes.find(std::string("\xff\xc0\x00\x11\x08", 5));
    QVERIFY(frame != std::string::npos);
    bytes.replace(frame + 5, 4, "\xea\x60\xea\x60");
    test::writeFile(jpeg, bytes);
    QVERIFY(readPicture(jpeg, {}, 100).isNull());
}

void TestImageCache::drawingsAreNoPictures()
{
    const test::TemporaryFolder folder;
    const std::string path = folder.file("drawing.png");
    test::writeFile(path,
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/>"
        "</svg>");
    QVERIFY(readPicture(path, {}, 100).isNull());
    QVERIFY(readPicture(folder.path(), {}, 100).isNull());
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
