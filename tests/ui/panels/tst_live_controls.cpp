#include "ui/panels/live_controls.h"

#include "tests/ui/panels/panel_test.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QSlider>
#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

class TestLiveControls : public QObject
{
    Q_OBJECT

private:
    static std::vector<ParameterInfo> rows()
    {
        ParameterInfo pull{"pull", "Attraction", "", "How strongly neighbours attract.",
            ParameterKind::Real, 1.0, 0.1, 100, false, true, {}};
        ParameterInfo whole{"whole", "Whole", "", "Counts.", ParameterKind::Integer,
            std::int64_t(5), 0, 10, false, true, {}};
        ParameterInfo flag{"flag", "Flag", "", "Is or is not.", ParameterKind::Boolean, true, 0, 0,
            false, true, {}};
        ParameterInfo fixed{"fixed", "Fixed", "", "Cannot be changed.", ParameterKind::Real, 1.0, 0,
            2, false, false, {}};
        return {pull, whole, flag, fixed};
    }

    std::vector<std::pair<std::string, ParameterValue>> m_told;

    void listen(const LiveControls& controls)
    {
        m_told.clear();
        connect(&controls, &LiveControls::valueChanged, this,
            [this](const std::string& id, const ParameterValue& value) {
                m_told.emplace_back(id, value);
            });
    }

private slots:
    void onlyLiveParametersGetAControl()
    {
        LiveControls controls;
        QVERIFY(controls.isEmpty());
        const auto table = rows();
        controls.setParameters(table);
        QVERIFY(!controls.isEmpty());
        QVERIFY(part<QSlider>(controls, "live_pull_slider"));
        QVERIFY(part<QCheckBox>(controls, "live_flag"));
        QVERIFY(!controls.findChild<QWidget*>(QStringLiteral("live_fixed")));
        controls.setParameters({});
        QVERIFY(controls.isEmpty());
        QVERIFY(controls.findChildren<QSlider*>().isEmpty());
    }

    void rangesOverDecadesAreLogarithmic()
    {
        QCOMPARE(shareOfRange(1, 0.01, 100), 0.5);
        QCOMPARE(valueAtShare(0.5, 0.01, 100), 1.0);
        QCOMPARE(shareOfRange(5, 0, 10), 0.5);
        QCOMPARE(valueAtShare(0.25, 0, 10), 2.5);
        for (const double share : {0.0, 0.13, 0.5, 0.77, 1.0}) {
            const double value = valueAtShare(share, 0.1, 100);
            QVERIFY(std::abs(shareOfRange(value, 0.1, 100) - share) < 0.002);
        }
        QCOMPARE(valueAtShare(7, 1, 4), 4.0); // Never outside.
        QCOMPARE(shareOfRange(3, 2, 2), 0.0);
    }

    void sliderAndNumberSayTheSame()
    {
        LiveControls controls;
        const auto table = rows();
        controls.setParameters(table);
        test::showPanel(controls, {300, 200});
        listen(controls);
        auto* slider = part<QSlider>(controls, "live_pull_slider");
        auto* number = part<QDoubleSpinBox>(controls, "live_pull");
        number->setValue(1);
        QCOMPARE(m_told.size(), std::size_t(1));
        QVERIFY(m_told.back().second == ParameterValue(1.0));
        const int place = slider->value();
        QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(slider->value() > place);
        QVERIFY(number->value() > 1);
        QCOMPARE(m_told.size(), std::size_t(2));
        QVERIFY(m_told.back() == (std::pair{std::string("pull"), ParameterValue(number->value())}));
        slider->setValue(slider->maximum());
        QCOMPARE(number->value(), 100.0);
    }

    void everyKindTellsItsOwnType()
    {
        LiveControls controls;
        const auto table = rows();
        controls.setParameters(table);
        listen(controls);
        part<QDoubleSpinBox>(controls, "live_whole")->setValue(7);
        QVERIFY(m_told.back().second == ParameterValue(std::int64_t(7)));
        part<QCheckBox>(controls, "live_flag")->setChecked(false);
        QVERIFY(m_told.back().second == ParameterValue(false));
    }

    void shownValuesAreNotTold()
    {
        LiveControls controls;
        const auto table = rows();
        controls.setParameters(table);
        listen(controls);
        controls.showValues(
            {{"pull", 12.0}, {"whole", std::int64_t(3)}, {"flag", false}, {"unknown", 1.0}});
        QVERIFY(m_told.empty());
        QCOMPARE(part<QDoubleSpinBox>(controls, "live_pull")->value(), 12.0);
        QVERIFY(!part<QCheckBox>(controls, "live_flag")->isChecked());
        const int place = part<QSlider>(controls, "live_pull_slider")->value();
        QVERIFY(std::abs(place / 1000.0 - shareOfRange(12, 0.1, 100)) < 0.001);
        controls.showValues({{"pull", std::string("auto")}}); // Not resolved yet.
        QCOMPARE(part<QDoubleSpinBox>(controls, "live_pull")->value(), 12.0);
    }
};

QTEST_MAIN(TestLiveControls)
#include "tst_live_controls.moc"
