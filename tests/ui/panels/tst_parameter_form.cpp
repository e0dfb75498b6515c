#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "tests/ui/panels/panel_test.h"
#include "ui/panels/parameter_field.h"
#include "ui/panels/parameter_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>
#include <QWheelEvent>

using namespace embedscope;
using namespace embedscope::ui;
using test::part;

namespace {

constexpr Choice kChoices[] = {{"pca", "PCA"}, {"random", "Random"}};

std::vector<ParameterInfo> everyKind()
{
    ParameterInfo whole{"whole", "Whole number", "", "Counts.", ParameterKind::Integer,
        std::int64_t(10), 1, 100, false, false, {}};
    ParameterInfo real{"real", "Real number", "", "Measures.", ParameterKind::Real,
        std::string("auto"), 0.5, 1000, true, false, {}};
    ParameterInfo flag{"flag", "Flag", "Finer", "Is or is not.", ParameterKind::Boolean, true, 0, 0,
        false, false, {}};
    ParameterInfo choice{"choice", "Choice", "Finer", "Takes one.", ParameterKind::Choice,
        std::string("pca"), 0, 0, false, false, kChoices};
    ParameterInfo text{"text", "Text", "Words", "Says it.", ParameterKind::Text, std::string(), 0,
        0, false, false, {}};
    ParameterInfo column{"column", "Column", "Words", "Names it.", ParameterKind::Column,
        std::string(), 0, 0, false, false, {}};
    return {whole, real, flag, choice, text, column};
}

} // namespace

class TestParameterForm : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::IsolatedSettings> m_settings;

private slots:
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void theFormGivesWhatDiffersFromTheDefaults()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        form.setGroupOpen(QStringLiteral("Finer"), true);
        test::showPanel(form, {320, 300});
        QVERIFY(form.values().empty() && form.isDefault());
        QSignalSpy changed(&form, &ParameterForm::changed);
        auto* whole = part<QSpinBox>(form, "whole");
        QTest::keyClick(whole, Qt::Key_Up);
        QCOMPARE(changed.size(), 1);
        QTest::mouseClick(part<QCheckBox>(form, "flag"), Qt::LeftButton, {}, {8, 8});
        QTest::keyClick(part<QComboBox>(form, "choice"), Qt::Key_Down);
        const ParameterValues values = form.values();
        QCOMPARE(values.size(), std::size_t(3));
        QVERIFY(*findValue(values, "whole") == ParameterValue(std::int64_t(11)));
        QVERIFY(*findValue(values, "flag") == ParameterValue(false));
        QVERIFY(*findValue(values, "choice") == ParameterValue(std::string("random")));
        form.reset();
        QVERIFY(form.values().empty());
        form.setValues(values);
        QVERIFY(form.values() == values);
        form.setValues({{"whole", std::int64_t(12)}}); // The others go back.
        QCOMPARE(form.values().size(), std::size_t(1));
        whole->setValue(5000);
        QCOMPARE(whole->value(), 100); // The range of the table holds.
    }

    void automaticValuesCanBeSwitched()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        test::showPanel(form, {320, 300});
        auto* automatic = part<QCheckBox>(form, "real_auto");
        auto* real = part<QDoubleSpinBox>(form, "real");
        QVERIFY(automatic->isChecked());
        QVERIFY(!real->isVisible());
        QTest::mouseClick(automatic, Qt::LeftButton, {}, {8, automatic->height() / 2});
        QVERIFY(real->isVisible());
        real->setValue(200);
        QCOMPARE(real->text(), QStringLiteral("200"));
        real->setValue(0.75);
        QCOMPARE(real->text(), QStringLiteral("0.75"));
        QVERIFY(*findValue(form.values(), "real") == ParameterValue(0.75));
    }

    void groupsFoldAndAreRemembered()
    {
        {
            ParameterForm form;
            form.setParameters(everyKind());
            test::showPanel(form, {320, 400});
            QVERIFY(part<QSpinBox>(form, "whole")->isVisible());
            QVERIFY(!part<QComboBox>(form, "choice")->isVisible());
            auto* heading = part<QToolButton>(form, "group_Finer");
            heading->setFocus();
            QTest::keyClick(heading, Qt::Key_Space);
            QVERIFY(part<QComboBox>(form, "choice")->isVisible());
            QVERIFY(!part<QLineEdit>(form, "text")->isVisible());
        }
        ParameterForm again;
        again.setParameters(everyKind());
        test::showPanel(again, {320, 400});
        QVERIFY(part<QComboBox>(again, "choice")->isVisible());
        QVERIFY(!part<QLineEdit>(again, "text")->isVisible());
    }

    void whatIsFoldedAndChangedIsCounted()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        auto* heading = part<QToolButton>(form, "group_Words");
        QCOMPARE(heading->text(), QStringLiteral("Words"));
        form.setValues({{"text", std::string("1, 2")}});
        QCOMPARE(heading->text(), QStringLiteral("Words (1 changed)"));
        const auto labels = form.findChildren<QLabel*>();
        const auto label = std::find_if(labels.begin(), labels.end(),
            [](const QLabel* each) { return each->text() == QStringLiteral("Text"); });
        QVERIFY(label != labels.end() && (*label)->font().bold());
        form.reset();
        QVERIFY(!(*label)->font().bold());
        QCOMPARE(heading->text(), QStringLiteral("Words"));
    }

    void columnsComeFromTheDataset()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        auto* column = part<QComboBox>(form, "column");
        QCOMPARE(column->currentText(), QStringLiteral("None"));
        form.setDataset(test::blobDataset(12, 3, 3));
        QCOMPARE(column->itemText(0), QStringLiteral("None"));
        const int group = column->findText(QStringLiteral("group"));
        QVERIFY(group > 0);
        QVERIFY(form.values().empty());
        column->setCurrentIndex(group);
        QVERIFY(*findValue(form.values(), "column") == ParameterValue(std::string("group")));
        // The same column is in the next table, and in none.
        form.setDataset(test::blobDataset(20, 3, 3));
        QVERIFY(*findValue(form.values(), "column") == ParameterValue(std::string("group")));
        form.setValues({{"column", std::string("gone")}});
        QVERIFY(form.values().empty());
        column->setCurrentIndex(group);
        form.setDataset(nullptr);
        QVERIFY(form.values().empty());
    }

    void theCallersOwnRowsStay()
    {
        ParameterForm form;
        auto* mine = new QSpinBox;
        mine->setObjectName(QStringLiteral("mine"));
        form.addField({}, QStringLiteral("Mine"), mine, QStringLiteral("Is mine."));
        mine->setValue(7);
        form.setParameters(everyKind());
        form.setParameters({everyKind().front()});
        QCOMPARE(part<QSpinBox>(form, "mine")->value(), 7);
        QVERIFY(!form.findChild<QWidget*>(QStringLiteral("real")));
        QVERIFY(form.helpTexts().contains(QStringLiteral("Is mine.")));
        QCOMPARE(form.helpTexts().size(), 2);
    }

    void tabWalksTheVisibleFieldsInOrder()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        test::showPanel(form, {320, 400});
        part<QSpinBox>(form, "whole")->setFocus();
        const QStringList expected{QStringLiteral("real_auto"), QStringLiteral("group_Finer"),
            QStringLiteral("group_Words")};
        for (const QString& name : expected) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            QCOMPARE(QApplication::focusWidget()->objectName(), name);
        }
    }

    void nothingIsCutOffInANarrowDock()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        form.setGroupOpen(QStringLiteral("Finer"), true);
        form.setGroupOpen(QStringLiteral("Words"), true);
        QVERIFY2(form.minimumSizeHint().width() <= 280,
            qPrintable(QString::number(form.minimumSizeHint().width())));
    }

    void helpFollowsTheFocus()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        test::showPanel(form, {320, 300});
        part<QCheckBox>(form, "real_auto")->setFocus();
        QSignalSpy explained(&form, &ParameterForm::explained);
        part<QSpinBox>(form, "whole")->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY(!explained.isEmpty());
        QCOMPARE(explained.last().first().toString(), QStringLiteral("Counts."));
    }

    void theWheelScrollsAndChangesNothing()
    {
        ParameterForm form;
        form.setParameters(everyKind());
        test::showPanel(form, {320, 300});
        part<QCheckBox>(form, "real_auto")->setFocus();
        auto* whole = part<QSpinBox>(form, "whole");
        QWheelEvent wheel(QPointF(5, 5), whole->mapToGlobal(QPointF(5, 5)), {}, {0, 120},
            Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(whole, &wheel);
        QCOMPARE(whole->value(), 10);
    }
};

QTEST_MAIN(TestParameterForm)
#include "tst_parameter_form.moc"
