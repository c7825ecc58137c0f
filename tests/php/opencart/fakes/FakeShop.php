<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests\Fakes;

use Fiscalgate\Sdk\Http\FakeTransport;
use Fiscalgate\Sdk\Http\Response;
use Fiscalgate\Sdk\OpenCart\CashDesk;
use Fiscalgate\Sdk\OpenCart\Db;
use Fiscalgate\Sdk\OpenCart\Operation;
use Fiscalgate\Sdk\OpenCart\Operations;
use Fiscalgate\Sdk\OpenCart\Plugin;
use Fiscalgate\Sdk\OpenCart\SettingsPage;

/**
 * The tables of a shop that the plugin reads, with the taxes, coupons and settings of a small one.
 */
final class FakeShop
{
    public const CODE = 'code-of-the-shop';
    public const PAID = 17;
    public const HANDED_OVER = 3;
    public const REFUNDED = 11;
    private const TABLES = [
        'order' => 'order_id INTEGER PRIMARY KEY, store_id, email, telephone, payment_code, payment_method, shipping_code,'
            . ' shipping_method, total, order_status_id, currency_code, currency_value, date_added',
        'order_product' => 'order_product_id INTEGER PRIMARY KEY, order_id, product_id, name, quantity, price, total, tax',
        'order_option' => 'order_id, order_product_id, name, value, type',
        'order_voucher' => 'order_id, description, amount',
        'order_total' => 'order_total_id INTEGER PRIMARY KEY, order_id, code, title, value, sort_order',
        'product' => 'product_id INTEGER PRIMARY KEY, tax_class_id, shipping',
        'currency' => 'code, decimal_place',
        'setting' => 'store_id, `key`, value',
        'tax_rule' => 'tax_class_id, tax_rate_id',
        'tax_rate' => 'tax_rate_id, name, rate, type',
        'coupon' => 'code, shipping',
        'event' => '`code`, `trigger`, `action`, `status`',
    ];

    public FakeConnection $connection;
    public Db $db;
    public int $now = 1795312800;
    /** @var string[] */
    public array $log = [];
    private string $version;

    /** @param array<string, mixed> $settings that differ from those of a shop set up */
    public function __construct(array $settings = [], string $version = '3.0.4.1')
    {
        $this->version = $version;
        $this->connection = new FakeConnection();
        $this->db = new Db($this->connection, 'oc_');
        foreach (self::TABLES as $table => $columns) {
            $this->connection->query("CREATE TABLE `oc_$table` ($columns)");
        }
        $this->operations()->createTable();
        $this->insert('currency', ['code' => 'RUB', 'decimal_place' => '2']);
        $this->insert('currency', ['code' => 'RUR', 'decimal_place' => '0']);
        foreach ([1 => 22, 2 => 10] as $class => $percent) {
            $this->insert('tax_rule', ['tax_class_id' => $class, 'tax_rate_id' => $class]);
            $this->insert('tax_rate', ['tax_rate_id' => $class, 'name' => "НДС $percent%", 'rate' => "$percent.0000", 'type' => 'P']);
        }
        $this->insert('coupon', ['code' => 'FREESHIP', 'shipping' => 1]);
        $this->insert('coupon', ['code' => 'TENTH', 'shipping' => 0]);
        foreach ([1 => [1, 1], 2 => [2, 1], 3 => [0, 1], 4 => [1, 0]] as $product => [$class, $isSent]) {
            $this->insert('product', ['product_id' => $product, 'tax_class_id' => $class, 'shipping' => $isSent]);
        }
        $this->set($settings);
    }

    /** @param array<string, mixed> $settings */
    public function set(array $settings): void
    {
        $settings += ['enabled' => true, 'url' => 'http://127.0.0.1:8080', 'account' => 'shop', 'token' => 'token-of-the-register',
            'code' => self::CODE, 'callback' => 'http://127.0.0.1/callback', 'taxation' => 1, 'vat' => 6, 'vatClasses' => [1 => 11, 2 => 2],
            'vatDelivery' => 11, 'vatFees' => 11, 'payments' => ['cod' => 'electronic', 'courier' => 'cash'], 'sale' => [self::PAID],
            'settle' => [self::HANDED_OVER], 'refund' => [self::REFUNDED], 'cronToken' => 'cron'];
        $this->db->run('DELETE FROM {setting} WHERE `key` = ?', SettingsPage::KEY);
        $this->insert('setting', ['store_id' => 0, 'key' => SettingsPage::KEY, 'value' => json_encode($settings)]);
    }

    /** @param array<string, string|int|null> $row */
    public function insert(string $table, array $row): void
    {
        $this->db->run("INSERT INTO {{$table}} (`" . implode('`, `', array_keys($row)) . '`) VALUES ('
            . implode(', ', array_fill(0, count($row), '?')) . ')', ...array_values($row));
    }

    /**
     * @param array<int, array{int|null, int, string, string}> $products product, pieces, price and tax of a piece
     * @param array<int, array{string, string, string}> $totals code, title, value; sub_total and total are added
     * @param array<string, string|int> $more columns of the order
     */
    public function order(int $id, array $products, array $totals, string $total, array $more = []): void
    {
        $sum = 0.0;
        foreach ($products as [$product, $pieces, $price, $tax]) {
            $sum += $pieces * (float) $price;
            $this->insert('order_product', ['order_id' => $id, 'product_id' => $product, 'name' => 'Товар ' . $product,
                'quantity' => $pieces, 'price' => $price, 'total' => number_format($pieces * (float) $price, 4, '.', ''), 'tax' => $tax]);
        }
        array_unshift($totals, ['sub_total', 'Сумма', number_format($sum, 4, '.', '')]);
        $totals[] = ['total', 'Итого', $total];
        foreach ($totals as $place => [$code, $title, $value]) {
            $this->insert('order_total', ['order_id' => $id, 'code' => $code, 'title' => $title, 'value' => $value, 'sort_order' => $place]);
        }
        $this->insert('order', $more + ['order_id' => $id, 'store_id' => 0, 'email' => 'buyer@example.ru', 'telephone' => '',
            'payment_code' => 'cod', 'payment_method' => 'Cash', 'shipping_code' => 'flat.flat', 'shipping_method' => 'Flat',
            'total' => $total, 'order_status_id' => self::PAID, 'currency_code' => 'RUB', 'currency_value' => '1.00000000',
            'date_added' => '2026-11-22 10:00:00']);
    }

    /** One order as most are: 3 x 33.33 without a class of taxes, and delivery for 300. */
    public function plainOrder(int $id = 1237): void
    {
        $this->order($id, [[3, 3, '33.3300', '0.0000']], [['shipping', 'Доставка', '300.0000']], '399.9900');
    }

    public function status(int $order, int $status): void
    {
        $this->db->run('UPDATE {order} SET `order_status_id` = ? WHERE `order_id` = ?', $status, $order);
    }

    public function plugin(?FakeTransport $transport = null): Plugin
    {
        return new Plugin($this->connection, 'oc_', $this->version, function (string $text): void {
            $this->log[] = $text;
        }, $transport ?? new FakeTransport(), function (): int {
            return $this->now;
        });
    }

    public function operations(): Operations
    {
        return new Operations($this->db, function (): int {
            return $this->now;
        });
    }

    public function desk(): CashDesk
    {
        return $this->plugin()->desk();
    }

    public function find(int $order, string $name): Operation
    {
        $operation = $this->operations()->find($order, $name);
        if ($operation === null) {
            throw new \RuntimeException("no $name of order $order");
        }
        return $operation;
    }

    /** @return array<int, string> "name: price x quantity, vat" */
    public function lines(int $order, string $name): array
    {
        return array_map(static function (\Fiscalgate\Sdk\Item $item): string {
            return sprintf(
                '%s: %d x %s, %d',
                $item->getName(),
                $item->getPrice(),
                \Fiscalgate\Sdk\Quantity::format($item->getQuantity()),
                $item->getVat()
            );
        }, $this->find($order, $name)->printed()->items());
    }

    /** What the gateway answers when it takes a number. */
    public static function accepted(string $number, string $id = '0123456789abcdef'): Response
    {
        return new Response(202, json_encode(['result' => true, 'id' => $id, 'order_id' => $number, 'state' => 'queued',
            'receipt_url' => 'https://gateway.example/r/' . $id]));
    }

    /** @param array<string, mixed> $more */
    public static function outcome(string $number, string $state, int $seq, array $more = []): array
    {
        $mark = ['type' => 'kktReceiptFiscalization', 'state' => 'done', 'fn_1041' => '9999078900000001', 'fd_1040' => 41,
            'fpd_1077' => '1234567890', 'dateTime_1012' => '2026-11-22T10:01:00', 'total_1020' => '399.99', 'receiptType_1054' => 1];
        return $more + ['result' => $state === 'done', 'id' => '0123456789abcdef', 'order_id' => $number, 'seq' => $seq, 'state' => $state]
            + ($state === 'done' ? ['0' => $mark] : []);
    }

    /** Has the sale printed. */
    public function print(int $order, string $name, int $seq = 1): void
    {
        $number = $this->find($order, $name)->number();
        $outcome = \Fiscalgate\Sdk\Outcome::from(self::outcome($number, 'done', $seq));
        (new \Fiscalgate\Sdk\OpenCart\Results($this->operations()))->take($outcome);
    }
}
