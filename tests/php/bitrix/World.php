<?php

declare(strict_types=1);

namespace Fiscalgate\Tests\Bitrix;

use Bitrix\Main\Config\Option;
use Bitrix\Main\Entity\DataManager;
use Bitrix\Sale\BasketItem;
use Bitrix\Sale\Cashbox\Cashbox;
use Bitrix\Sale\Cashbox\Check;
use Bitrix\Sale\Cashbox\CheckManager;
use Bitrix\Sale\Cashbox\Manager;
use Bitrix\Sale\Order;
use Bitrix\Sale\Payment;
use Fiscalgate\Cashbox\CashboxFiscalgate;
use Fiscalgate\Cashbox\Operation;
use Fiscalgate\Cashbox\Services;
use Fiscalgate\Cashbox\Settings;
use Fiscalgate\Cashbox\TableOperations;
use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\Json;
use Fiscalgate\Sdk\Signature;

/**
 * A site with the module and nothing printed yet, and words to act on it.
 */
final class World
{
    public const CODE = 'code-of-the-shop';
    public const ID = '01jd0000000000000000000000';
    public const MARK = ['fn_1041' => '9999000011112222', 'fd_1040' => 42, 'fpd_1077' => '1234567890',
        'dateTime_1012' => '2026-11-21T13:15:00', 'shift_1038' => 7, 'receiptNumber_1042' => 3,
        'regNumber_1037' => '0000000001012345', 'total_1020' => '250.00', 'receiptType_1054' => 1];

    private function __construct()
    {
    }

    /** @param array<string, string> $options */
    public static function fresh(array $options = []): void
    {
        DataManager::$rows = [];
        DataManager::$before = null;
        Order::$all = [];
        CheckManager::$checks = CheckManager::$saved = [];
        Manager::$list = [];
        Option::$values = [Settings::MODULE => $options + ['TRACK' => 'events', 'URL' => 'https://gate.example',
            'ACCOUNT' => '1042', 'TOKEN' => 'token-of-the-register', 'CODE' => self::CODE, 'PREFIX' => 'bx1',
            'SITE' => 'https://shop.example']];
    }

    /** @param Response|\Throwable ...$answers */
    public static function services(...$answers): Services
    {
        return new Services(null, null, new FakeTransport(...$answers));
    }

    public static function accepted(string $number, string $state = 'queued'): Response
    {
        return new Response(202, Json::encode(['result' => true, 'id' => self::ID, 'order_id' => $number, 'state' => $state,
            'duplicate' => false, 'receipt_url' => 'https://gate.example/r/page']));
    }

    /** @param array<string, mixed> $more */
    public static function status(string $number, string $state, array $more = []): Response
    {
        $commands = $state === 'done' ? [['index' => 0, 'mark' => self::MARK]] : [];
        return new Response(200, Json::encode($more + ['result' => true, 'id' => self::ID, 'order_id' => $number,
            'state' => $state, 'seq' => 5, 'commands' => $commands, 'receipt_url' => 'https://gate.example/r/page']));
    }

    public static function refusal(int $status, string $code): Response
    {
        return new Response($status, Json::encode(['result' => false, 'code' => $code, 'error' => 'Нет: ' . $code]));
    }

    public static function find(string $number): ?Operation
    {
        return (new TableOperations())->find($number);
    }

    /** @return array<string, mixed> the receipt that is posted for it */
    public static function receipt(string $number): array
    {
        $operation = self::find($number);
        return Json::decode($operation->submission['data'])[0]['data'];
    }

    /**
     * @param array<string, mixed> $fields
     * @param Payment[] $payments
     */
    public static function order(array $fields = [], array $payments = []): Order
    {
        $items = [new BasketItem(['NAME' => 'Чай', 'PRICE' => 100.0, 'QUANTITY' => 2, 'VAT_RATE' => 0.22]),
            new BasketItem(['NAME' => 'Подарок', 'PRICE' => 0.0, 'QUANTITY' => 1, 'VAT_RATE' => 0.22])];
        return new Order($fields + ['DELIVERY' => 50], $items, $payments ?: [new Payment(['ID' => 7, 'SUM' => 250.0])]);
    }

    /** @param array<string, mixed> $settings */
    public static function cashbox(array $settings = []): CashboxFiscalgate
    {
        $row = ['ID' => 9, 'HANDLER' => '\\' . CashboxFiscalgate::class, 'SETTINGS' => $settings + [
            'AUTH' => ['URL' => '', 'ACCOUNT' => '', 'TOKEN' => 'another-token', 'CODE' => ''],
            'FISCAL' => ['TAX_SYSTEM' => '2'], 'VAT' => ['NOT_VAT' => '6', 'ADVANCE' => '11', '3' => '11', '4' => '2', '5' => '']]];
        Manager::$list = [9 => $row];
        $cashbox = Cashbox::create($row);
        assert($cashbox instanceof CashboxFiscalgate);
        return $cashbox;
    }

    /**
     * @param array<string, mixed> $data
     * @param class-string<Check> $class
     */
    public static function check(array $data = [], string $class = \Bitrix\Sale\Cashbox\SellCheck::class): Check
    {
        $check = new $class(['ID' => 85, 'ORDER_ID' => 1237], $data + [
            'items' => [['name' => 'Чай', 'price' => 125.0, 'sum' => 250.0, 'quantity' => 2.0, 'measure_code' => '796', 'vat' => 3,
                'payment_object' => 'commodity']],
            'payments' => [['type' => 'cashless', 'sum' => 250.0]], 'client_email' => 'buyer@example.ru', 'total_sum' => 250.0]);
        return CheckManager::$checks[85] = $check;
    }

    /**
     * @param array<string, mixed> $outcome
     * @return array{array<string, string>, string} headers and body of a callback
     */
    public static function callback(string $number, string $state, array $outcome = [], string $code = self::CODE): array
    {
        $entry = $state === 'done' ? [self::MARK + ['type' => 'kktReceiptFiscalization', 'state' => 'done', 'success' => 'ok']] : [];
        $outcome += ['result' => $state === 'done', 'id' => self::ID, 'order_id' => $number, 'seq' => 5, 'state' => $state];
        $body = 'json=' . rawurlencode(Json::encode($entry + $outcome));
        $signature = Signature::ofWebhook(Signature::webhookKey($code), 'hook-1', '1790000000', $body);
        return [['HTTP_WEBHOOK_ID' => 'hook-1', 'HTTP_WEBHOOK_TIMESTAMP' => '1790000000',
            'HTTP_WEBHOOK_SIGNATURE' => $signature], $body];
    }
}
