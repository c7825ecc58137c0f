<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\Tests;

use Fiscalgate\Sdk\Account;
use Fiscalgate\Sdk\Agent;
use Fiscalgate\Sdk\AgentType;
use Fiscalgate\Sdk\Contact;
use Fiscalgate\Sdk\Correction;
use Fiscalgate\Sdk\Customer;
use Fiscalgate\Sdk\Exception\TotalMismatchException;
use Fiscalgate\Sdk\Exception\ValidationException;
use Fiscalgate\Sdk\FfdVersion;
use Fiscalgate\Sdk\Item;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\PaymentMethod;
use Fiscalgate\Sdk\Payments;
use Fiscalgate\Sdk\PaymentSubject;
use Fiscalgate\Sdk\Quantity;
use Fiscalgate\Sdk\Receipt;
use Fiscalgate\Sdk\ReceiptType;
use Fiscalgate\Sdk\TaxSystem;
use Fiscalgate\Sdk\Text;
use Fiscalgate\Sdk\Unit;
use Fiscalgate\Sdk\Vat;
use PHPUnit\Framework\TestCase;

final class ReceiptTest extends TestCase
{
    private const INN = '7707083893';
    private const PERSON = '500100732259';

    /** @dataProvider wrong */
    public function testRefusesWhatCannotStandInAReceipt(string $field, callable $make): void
    {
        try {
            $make();
            self::fail('it was taken');
        } catch (ValidationException $e) {
            self::assertSame($field, $e->getField());
        }
    }

    public static function wrong(): array
    {
        $item = static function (string $name = 'Чай', int $price = 1, int $quantity = 1000000, int $vat = 6): Item {
            return new Item($name, $price, $quantity, $vat);
        };
        $phone = ['+79161234567'];
        $attorney = AgentType::ATTORNEY;
        return [
            'name empty' => ['item.name', static fn () => $item(" \t\n")],
            'name too long' => ['item.name', static fn () => $item(str_repeat('ж', 129))],
            'name no UTF-8' => ['item.name', static fn () => $item("\xff")],
            'price negative' => ['item.price', static fn () => $item('Чай', -1)],
            'price too high' => ['item.price', static fn () => $item('Чай', 10000000000)],
            'quantity zero' => ['item.quantity', static fn () => $item('Чай', 1, 0)],
            'sum too high' => ['item.sum', static fn () => $item('Чай', 9999999999, 2000000)],
            'rate in percent' => ['item.vat', static fn () => $item('Чай', 1, 1000000, 22)],
            'method' => ['item.method', static fn () => $item()->withMethod(0)],
            'subject' => ['item.subject', static fn () => $item()->withSubject(28)],
            'unit' => ['item.unit', static fn () => $item()->withUnit(1)],
            'country' => ['item.country', static fn () => $item()->withOrigin('RU')],
            'code not ASCII' => ['item.markingCode', static fn () => $item()->withMarkingCode('код')],
            'code for two' => ['item.markingCode', static fn () =>
                $item('Чай', 1, 2000000)->withSubject(33)->withMarkingCode('01')->toData(FfdVersion::V1_2, 1)],
            'code of goods without one' => ['item.markingCode', static fn () =>
                $item()->withMarkingCode('01')->toData(FfdVersion::V1_2, 1)],
            'marked without code' => ['item.markingCode', static fn () => $item()->withSubject(31)->toData(FfdVersion::V1_2, 1)],
            'part without status' => ['item.plannedStatus_2003', static fn () =>
                $item()->withSubject(33)->withUnit(11)->withMarkingCode('01')->toData(FfdVersion::V1_2, 1)],
            'marked in 1.05' => ['item.subject', static fn () =>
                $item()->withSubject(33)->withMarkingCode('01')->toData(FfdVersion::V1_05, 1)],
            'tag without number' => ['item.industry', static fn () => $item()->withTag('industry', 'x')],
            'tag of a float' => ['', static fn () => $item()->withTag('excise_1229', 1.5)],
            'e-mail' => ['customer.email', static fn () => Customer::email('buyer example.ru')],
            'two e-mails' => ['customer.email', static fn () => Customer::email('a@b.ru,c@d.ru')],
            'phone' => ['customer.phone', static fn () => Customer::phone('12')],
            'INN checksum' => ['customer.inn', static fn () => Customer::email('a@b.ru')->withCompany('ООО', '7707083894')],
            'INN zeros' => ['customer.inn', static fn () => Customer::email('a@b.ru')->withCompany('ООО', '000000000000')],
            'birth date' => ['customer.birthDate', static fn () =>
                Customer::email('a@b.ru')->withPassport('Иванов', '31.02.1990', '21', '4500 123456')],
            'agent kind' => ['agent.type', static fn () => Agent::ofSupplier(1, 'ООО', self::INN, ['+79161234567'])],
            'no supplier phone' => ['agent.supplierPhones', static fn () => Agent::ofSupplier($attorney, 'ООО', self::INN, [])],
            'correction date' => ['correction.date', static fn () => Correction::own('2026-01-15')],
            'order of nobody' => ['correction.number', static fn () => Correction::byOrder('15.01.2026', ' ')],
            'paying phones' => ['agent.operatorPhones', static fn () =>
                Agent::paying(AgentType::PAYING_AGENT, 'ООО', self::INN, $phone, $phone, ['x'])],
            'cashier INN' => ['receipt.cashierInn', static fn () => self::receipt()->withCashier('Пупкин', self::INN)],
            'site' => ['receipt.site', static fn () => self::receipt()->withSite('улица Мира')],
            'no items' => ['receipt.items', static fn () => self::receipt([])->toData()],
            'no contact' => ['customer', static fn () =>
                self::receipt(null, null, Customer::withoutContact())->withSite('shop.example')->toData()],
            'type' => ['receipt.type', static fn () =>
                new Receipt(5, TaxSystem::GENERAL, [], Payments::cash(1), Customer::email('a@b.ru'))],
            'two regimes' => ['receipt.taxSystem', static fn () =>
                new Receipt(1, 3, [], Payments::cash(1), Customer::email('a@b.ru'))],
            'too many items' => ['receipt.items', static fn () => self::receipt(array_fill(0, 251, $item()))],
            'paid too little' => ['receipt.total', static fn () => self::receipt(null, Payments::electronic(99))->toData()],
            'paid too much' => ['receipt.total', static fn () => self::receipt(null, Payments::electronic(101))->toData()],
            'negative payment' => ['payments.cash', static fn () => Payments::cash(-1)],
        ];
    }

    public function testChangeIsGivenOfCash(): void
    {
        $data = self::receipt(null, Payments::cash(500))->toData();
        self::assertSame('5.00', (string) $data['payments']['cash_1031']);
        $this->expectException(TotalMismatchException::class);
        self::receipt(null, new Payments(500, 101))->toData();
    }

    public function testWritesEverythingThatWasSaid(): void
    {
        $agent = Agent::bank(
            AgentType::BANK_PAYING_AGENT,
            'ООО Поставщик',
            self::INN,
            ['8 (916) 123-45-67'],
            'Перевод',
            ['+79161234567', '+79161234568'],
            ['name' => 'Банк', 'inn' => self::INN, 'address' => 'Москва', 'phones' => ['+74951234567']]
        );
        $item = (new Item('Сыр', 10050, Quantity::parse('0.5'), Vat::RATE_10))->withMethod(PaymentMethod::ADVANCE)
            ->withSubject(PaymentSubject::PAYMENT)->withUnit(Unit::KILOGRAM)->withAttribute('x')
            ->withOrigin('156', '10702020/060520/0013422')->withExcise(5)->withAgent($agent)
            ->withTag('processingMode_2102', 0);
        self::assertSame(
            '{"productName_1030":"Сыр","price_1079":100.50,"qty_1023":0.5,"amount_1043":50.25,"unit_2108":11,'
            . '"paymentFormCode_1214":3,"productTypeCode_1212":10,"tax_1199":2,"additionalAttribut_1191":"x",'
            . '"countryCode_1230":"156","customsDeclaration_1231":"10702020/060520/0013422","excise_1229":0.05,'
            . '"agentType_1222":1,"agentInfo_1223":{"agentOperation_1044":"Перевод",'
            . '"paymentAgentPhone_1073":["+79161234567","+79161234568"],"transferOperatorPhone_1075":"+74951234567",'
            . '"transferOperatorName_1026":"Банк","transferOperatorAddress_1005":"Москва",'
            . '"transferOperatorInn_1016":"7707083893"},"supplierInfo_1224":{"supplierPhone_1171":"+79161234567",'
            . '"supplierName_1225":"ООО Поставщик"},"supplierInn_1226":"7707083893","processingMode_2102":0}',
            Json::encode($item->toData(FfdVersion::V1_2, ReceiptType::SALE))
        );
    }

    public function testAPartOfMarkedGoodsSaysWhatBecomesOfIt(): void
    {
        $item = (new Item('Сыр', 10000, 500000, Vat::RATE_10))->withSubject(PaymentSubject::MARKED)->withUnit(Unit::KILOGRAM)
            ->withMarkingCode('0104600439931256')->withTag('plannedStatus_2003', 2);
        $data = $item->toData(FfdVersion::V1_2, ReceiptType::SALE);
        self::assertSame([2, 0], [$data['plannedStatus_2003'], $data['processingMode_2102']]);
    }

    public function testABuyerIsNamedAsTheVersionWants(): void
    {
        $customer = Customer::email('a@b.ru')->withCompany('ООО Ромашка', self::INN)->withAddress('Москва');
        self::assertSame(['sendToEmail_1008' => 'a@b.ru', 'clientInfo_1256' => ['clientName_1227' => 'ООО Ромашка',
            'clientInn_1228' => self::INN, 'clientAddress_1254' => 'Москва']], $customer->toData(FfdVersion::V1_2));
        self::assertSame(['sendToEmail_1008' => 'a@b.ru', 'clientName_1227' => 'ООО Ромашка',
            'clientInn_1228' => self::INN], $customer->toData(FfdVersion::V1_05));
        self::assertSame([], Customer::withoutContact()->toData(FfdVersion::V1_2));
    }

    public function testACorrectionOfTheOldVersionHasNoItems(): void
    {
        $correction = Correction::byOrder('15.01.2026', '12-3');
        $old = self::receipt([], Payments::electronic(100))->withCorrection($correction)->toData(FfdVersion::V1_05);
        self::assertArrayNotHasKey('purchases', $old);
        self::assertSame('1.00', (string) $old['total_1020']);
        self::assertSame(['date_1178' => '15.01.2026', 'documentNumber_1179' => '12-3'], $old['correctionBasis_1174']);
        $new = self::receipt()->withCorrection($correction)->toData();
        self::assertSame(1, $new['correctionType_1173']);
        self::assertCount(1, $new['purchases']);
        $this->expectException(ValidationException::class);
        self::receipt()->withCorrection($correction)->toData(FfdVersion::V1_05);
    }

    public function testTheOldVersionHasNoUnits(): void
    {
        $purchase = self::receipt()->toData(FfdVersion::V1_05)['purchases'][0];
        self::assertArrayNotHasKey('unit_2108', $purchase);
    }

    public function testAReceiptWithoutContactIsOnPaper(): void
    {
        self::assertFalse(self::receipt(null, null, Customer::withoutContact())->toData()['electronically']);
        self::assertFalse(self::receipt()->onPaper()->toData()['electronically']);
        self::assertTrue(self::receipt()->toData()['electronically']);
    }

    public function testCopiesLeaveTheOriginalAlone(): void
    {
        $item = new Item('Чай', 100, Quantity::ONE, Vat::NONE);
        $item->withVat(Vat::RATE_22)->withMarkingCode('01')->withPrice(5, Quantity::ONE);
        self::assertSame([Vat::NONE, '', 100], [$item->getVat(), $item->getMarkingCode(), $item->getPrice()]);
    }

    public function testNamesAreMadeToFit(): void
    {
        self::assertSame(128, self::length(Item::of(str_repeat('ж', 500), 1, 1000000, 6)->getName()));
        self::assertSame('Чай чёрный', Item::of("  Чай\n\u{00A0}чёрный\t", 1, 1000000, 6)->getName());
        self::assertSame('Товар', Item::of(' ', 1, 1000000, 6)->getName());
        // The sign of the rouble becomes "руб." on the register.
        self::assertSame(32, self::length(Text::fit(str_repeat('₽', 100), 128, 'item.name')));
        self::assertSame(128, self::length(Text::fit(str_repeat('«Ё№»', 50), 128, 'item.name')));
    }

    public function testPhonesAreBroughtToOneForm(): void
    {
        foreach (['8 (916) 123-45-67', '+7 916 123 45 67', '9161234567', '79161234567'] as $phone) {
            self::assertSame('+79161234567', Contact::phone($phone), $phone);
        }
        self::assertSame('+375291234567', Contact::phone('+375 29 123-45-67'));
        foreach (['', 'нет', '123', '+7916123456789012', '8-800-шоколад'] as $phone) {
            self::assertSame('', Contact::phone($phone), $phone);
        }
        self::assertSame('+79161234567', Customer::emailOrPhone('', '89161234567')->getContact());
        self::assertSame('a@b.ru', Customer::emailOrPhone(' a@b.ru ', '89161234567')->getContact());
    }

    public function testInnsHaveCheckDigits(): void
    {
        self::assertTrue(Contact::isInn(self::INN));
        self::assertTrue(Contact::isInn(self::PERSON));
        foreach (['7707083890', '500100732250', '500100732269', '770708389', '0000000000', '770708389a'] as $inn) {
            self::assertFalse(Contact::isInn($inn), $inn);
        }
    }

    public function testNoFloatReachesTheJson(): void
    {
        $before = ini_set('serialize_precision', '17');
        try {
            self::assertStringContainsString('"price_1079":0.10,', Json::encode(
                (new Item('Чай', 10, Quantity::ONE, Vat::NONE))->toData(FfdVersion::V1_2, ReceiptType::SALE)
            ));
        } finally {
            ini_set('serialize_precision', (string) $before);
        }
        $this->expectException(ValidationException::class);
        Json::encode(['price' => 0.1]);
    }

    public function testAnAccountKeepsItsSecrets(): void
    {
        $account = new Account('https://gateway.example/', 'shop', 'token-secret', 'code-secret');
        self::assertSame('https://gateway.example', $account->getUrl());
        self::assertStringNotContainsString('secret', print_r($account, true));
        $this->expectException(\LogicException::class);
        serialize($account);
    }

    /** @dataProvider addresses */
    public function testOnlySafeAddressesAreTaken(string $url, bool $isTaken): void
    {
        try {
            new Account($url, 'shop', 'token', 'code');
            self::assertTrue($isTaken, $url);
        } catch (ValidationException $e) {
            self::assertFalse($isTaken, $url);
            self::assertSame('account.url', $e->getField());
        }
    }

    public static function addresses(): array
    {
        return [['https://gateway.example', true], ['https://gateway.example:8443/fiscal', true], ['http://127.0.0.1:8080', true],
            ['http://localhost', true], ['http://[::1]:8080', true], ['http://gateway.example', false], ['ftp://x', false],
            ['https://user:pw@gateway.example', false], ['gateway.example', false], ['https://', false],
            ['http://127.0.0.1.evil.example', false], ['https://gateway.example/?x=1', false], ['javascript:1', false]];
    }

    /** @param Item[]|null $items */
    private static function receipt(?array $items = null, ?Payments $payments = null, ?Customer $customer = null): Receipt
    {
        return new Receipt(
            ReceiptType::SALE,
            TaxSystem::GENERAL,
            $items ?? [new Item('Чай', 100, Quantity::ONE, Vat::NONE)],
            $payments ?? Payments::electronic(100),
            $customer ?? Customer::email('a@b.ru')
        );
    }

    private static function length(string $text): int
    {
        return (int) preg_match_all('/./u', $text);
    }
}
