<?php

declare(strict_types=1);

namespace Fiscalgate\Tests\Bitrix;

use Bitrix\Main\EventResult;
use Bitrix\Sale\Cashbox\CheckManager;
use Bitrix\Sale\Cashbox\ICheckable;
use Bitrix\Sale\Cashbox\IPrintImmediately;
use Bitrix\Sale\Cashbox\SellReturnCheck;
use Fiscalgate\Cashbox\CashboxFiscalgate;
use Fiscalgate\Cashbox\Handlers;
use Fiscalgate\Cashbox\Operation;
use Fiscalgate\Sdk\Exception\TransportException;
use PHPUnit\Framework\TestCase;

final class CashboxTest extends TestCase
{
    private const NUMBER = 'bx1-check-85';

    protected function setUp(): void
    {
        World::fresh(['TRACK' => 'cashbox']);
    }

    public function testCoreFindsTheCashRegister(): void
    {
        $result = Handlers::onGetCustomCashboxHandlers();
        self::assertSame(EventResult::SUCCESS, $result->getType());
        $class = array_keys($result->getParameters())[0];
        self::assertSame('\\' . CashboxFiscalgate::class, $class);
        self::assertStringEndsWith('/modules/fiscalgate.cashbox/lib/cashboxfiscalgate.php', array_values($result->getParameters())[0]);
        $cashbox = World::cashbox();
        self::assertInstanceOf(IPrintImmediately::class, $cashbox);
        self::assertInstanceOf(ICheckable::class, $cashbox);
        self::assertSame('Fiscalgate', $cashbox::getName());
        self::assertGreaterThanOrEqual(1.05, $cashbox::getFfdVersion());
        self::assertSame([], $cashbox->buildZReportQuery(1));
    }

    public function testPrintKeepsTheCheckAndWaitsForNoNetwork(): void
    {
        $result = World::cashbox()->printImmediately(World::check());
        self::assertSame([], $result->getErrorMessages());
        self::assertSame(self::NUMBER, $result->getData()['UUID']);
        $operation = World::find(self::NUMBER);
        self::assertSame([Operation::CHECK, 1237, 9, 'new'], [$operation->kind, $operation->orderId, $operation->cashboxId,
            $operation->state]);
        $receipt = World::receipt(self::NUMBER);
        self::assertSame([2, 1], [$receipt['taxationType_1055'], $receipt['receiptType_1054']]);
        self::assertSame([11, 4, 1, 0], array_map(static function (string $key) use ($receipt) {
            return $receipt['purchases'][0][$key];
        }, ['tax_1199', 'paymentFormCode_1214', 'productTypeCode_1212', 'unit_2108']));
        self::assertSame('https://shop.example', $receipt['place_1187']);
    }

    public function testSameCheckTwiceIsOneOperation(): void
    {
        $cashbox = World::cashbox();
        $first = $cashbox->printImmediately(World::check());
        $again = $cashbox->printImmediately(World::check(['client_email' => 'other@example.ru']));
        self::assertSame($first->getData(), $again->getData());
        self::assertSame('buyer@example.ru', World::receipt(self::NUMBER)['sendToEmail_1008']);
    }

    public function testCheckThatCannotBeAReceiptIsAnErrorAtOnce(): void
    {
        $items = [['name' => 'Чай', 'price' => 250, 'sum' => 250, 'quantity' => 1, 'vat' => 5, 'payment_object' => 'commodity']];
        $result = World::cashbox()->printImmediately(World::check(['items' => $items]));
        self::assertFalse($result->isSuccess());
        self::assertStringContainsString('5', $result->getErrorMessages()[0]);
        self::assertNull(World::find(self::NUMBER));
    }

    public function testMarkOfThePrintedCheckIsSaved(): void
    {
        $this->printed();
        World::services(World::accepted(self::NUMBER))->worker()->advance(World::find(self::NUMBER));
        self::assertSame([], CheckManager::$saved);
        World::services(World::status(self::NUMBER, 'done'))->worker()->advance(World::find(self::NUMBER));
        $saved = CheckManager::$saved[85];
        self::assertCount(1, $saved);
        self::assertSame(['ID' => 85, 'CHECK_TYPE' => 'sell'], array_slice($saved[0], 0, 2));
        $link = $saved[0]['LINK_PARAMS'];
        self::assertSame(
            ['0000000001012345', '1234567890', 42, 3, '9999000011112222', 7, 250.0, 'income'],
            [$link['reg_number_kkt'], $link['fiscal_doc_attribute'], $link['fiscal_doc_number'], $link['fiscal_receipt_number'],
                $link['fn_number'], $link['shift_number'], $link['doc_sum'], $link['calculation_attribute']]
        );
        self::assertSame('2026-11-21 13:15', date('Y-m-d H:i', $link['doc_time']));
        self::assertSame('https://gate.example/r/page', World::cashbox()->getCheckLink($link));
        self::assertSame('https://ofd.example/', World::cashbox()->getCheckLink(['fn_number' => '1']));
    }

    public function testFailureOfTheRegisterIsToldInItsWords(): void
    {
        $this->printed();
        World::services(World::accepted(self::NUMBER))->worker()->advance(World::find(self::NUMBER));
        $more = ['error' => 'нет бумаги', 'advice' => 'Замените ленту.'];
        World::services(World::status(self::NUMBER, 'failed', $more))->worker()->advance(World::find(self::NUMBER));
        self::assertSame(
            ['TYPE' => 'ERROR', 'MESSAGE' => 'нет бумаги Замените ленту.'],
            CheckManager::$saved[85][0]['ERROR']
        );
    }

    public function testWhatIsNotKnownIsNeverAnErrorOfTheCheck(): void
    {
        $this->printed();
        $worker = World::services(new TransportException('no answer'))->worker();
        $worker->advance(World::find(self::NUMBER));
        World::services(World::accepted(self::NUMBER))->worker()->advance(World::find(self::NUMBER));
        World::services(World::status(self::NUMBER, 'unknown'))->worker()->advance(World::find(self::NUMBER));
        World::services(World::refusal(404, 'not_found'))->worker()->advance(World::find(self::NUMBER));
        self::assertSame([], CheckManager::$saved);
        self::assertGreaterThan(0, World::find(self::NUMBER)->dueAt);
    }

    public function testRefusalByTheGatewayIsAnErrorOfTheCheck(): void
    {
        $this->printed();
        World::services(World::refusal(422, 'invalid'))->worker()->advance(World::find(self::NUMBER));
        self::assertSame('refused', World::find(self::NUMBER)->state);
        self::assertStringContainsString('invalid', CheckManager::$saved[85][0]['ERROR']['MESSAGE']);
    }

    public function testAnotherReceiptUnderTheNumberIsLeftToAPerson(): void
    {
        $this->printed();
        World::services(World::refusal(409, 'conflict'))->worker()->advance(World::find(self::NUMBER));
        $operation = World::find(self::NUMBER);
        self::assertSame(['conflict', 0], [$operation->state, $operation->dueAt]);
        self::assertSame([], CheckManager::$saved);
        World::services()->worker()->advance($operation); // asks nobody any more
    }

    public function testQuestionOfTheCoreIsAnsweredByWhatIsKept(): void
    {
        $check = $this->printed();
        $operation = World::find(self::NUMBER);
        $operation->state = 'done';
        $operation->mark = World::MARK;
        (new \Fiscalgate\Cashbox\TableOperations())->save($operation);
        self::assertTrue(World::cashbox()->check($check)->isSuccess());
        self::assertCount(1, CheckManager::$saved[85]);
        $check->fields['EXTERNAL_UUID'] = 'bx1-check-86';
        self::assertFalse(World::cashbox()->check($check)->isSuccess());
    }

    public function testOwnTokenOfTheCashRegisterIsUsed(): void
    {
        World::cashbox();
        $settings = World::services()->settingsOf(9);
        self::assertSame(['another-token', '1042'], [$settings->get('TOKEN'), $settings->get('ACCOUNT')]);
        self::assertSame('token-of-the-register', World::services()->settingsOf(0)->get('TOKEN'));
        self::assertStringNotContainsString('another-token', print_r($settings, true));
    }

    public function testReturnIsAReturn(): void
    {
        World::cashbox()->printImmediately(World::check([], SellReturnCheck::class));
        self::assertSame(2, World::receipt(self::NUMBER)['receiptType_1054']);
    }

    public function testSettingsOfferTheRatesOfTheCatalogue(): void
    {
        $settings = CashboxFiscalgate::getSettings();
        self::assertSame(['NOT_VAT', 'ADVANCE', 1, 3, 4, 5], array_keys($settings['VAT']['ITEMS']));
        self::assertSame(['5', '11', '2', ''], array_column(array_slice($settings['VAT']['ITEMS'], 2), 'VALUE'));
        foreach ($settings as $section) {
            self::assertNotEmpty($section['LABEL']);
            foreach ($section['ITEMS'] as $item) {
                self::assertNotEmpty($item['LABEL']);
            }
        }
    }

    private function printed(): \Bitrix\Sale\Cashbox\Check
    {
        $check = World::check();
        $check->fields['EXTERNAL_UUID'] = World::cashbox()->printImmediately($check)->getData()['UUID'];
        return $check;
    }
}
