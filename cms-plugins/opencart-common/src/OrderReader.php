<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Digits;
use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Reads an order from the shop's tables. The core's models are not asked: they differ from one generation to the next,
 * and other extensions change what they say.
 */
final class OrderReader
{
    public const ROUBLE = ['RUB', 'RUR'];
    private const RATE_PLACES = 8;

    private Db $db;
    private Generation $generation;

    public function __construct(Db $db, Generation $generation)
    {
        $this->db = $db;
        $this->generation = $generation;
    }

    public function read(int $id): ?Order
    {
        $row = $this->db->row('SELECT * FROM {order} WHERE `order_id` = ?', $id);
        if ($row === []) {
            return null;
        }
        $order = new Order();
        $order->id = $id;
        $order->status = (int) $row['order_status_id'];
        $order->email = self::plain($row['email']);
        $order->phone = self::plain($row['telephone']);
        $order->payment = self::codeOf($row['payment_code'] ?? $row['payment_method'] ?? '');
        $order->currency = (string) $row['currency_code'];
        $order->added = (string) $row['date_added'];
        $currency = $this->db->row('SELECT `decimal_place` FROM {currency} WHERE `code` = ?', $order->currency);
        $order->places = max(0, min(2, (int) ($currency['decimal_place'] ?? 2)));
        $rate = Digits::scale((string) $row['currency_value'], self::RATE_PLACES, 'order.currency_value');
        $order->total = self::money($row['total'], $rate);
        $this->readProducts($order, $rate);
        $this->readTotals($order, $rate, self::shippingOf($row), (int) ($row['store_id'] ?? 0));
        return $order;
    }

    private function readProducts(Order $order, int $rate): void
    {
        $rows = $this->db->rows('SELECT op.`order_product_id`, op.`name`, op.`quantity`, op.`price`, op.`total`, op.`tax`,'
            . ' p.`tax_class_id`, p.`shipping` FROM {order_product} op LEFT JOIN {product} p'
            . ' ON p.`product_id` = op.`product_id` WHERE op.`order_id` = ? ORDER BY op.`order_product_id`', $order->id);
        $options = [];
        foreach ($this->db->rows('SELECT * FROM {order_option} WHERE `order_id` = ?', $order->id) as $row) {
            if (!in_array($row['type'], ['file', 'textarea'], true)) {
                $options[$row['order_product_id']][] = self::plain($row['value']);
            }
        }
        foreach ($rows as $row) {
            $names = array_merge([self::plain($row['name'])], $options[$row['order_product_id']] ?? []);
            $quantity = (int) $row['quantity'];
            $order->products[] = ['name' => implode(', ', array_filter($names, 'strlen')), 'quantity' => $quantity,
                'net' => self::money($row['total'], $rate), 'tax' => self::money($row['tax'], $rate) * $quantity,
                'class' => $row['tax_class_id'] === null ? null : (int) $row['tax_class_id'],
                'percent' => self::percent((string) $row['tax'], (string) $row['price']),
                'isVirtual' => $row['shipping'] !== null && (int) $row['shipping'] === 0];
        }
        $table = $this->generation->hasVouchers();
        foreach ($table ? $this->db->rows('SELECT * FROM {order_voucher} WHERE `order_id` = ?', $order->id) : [] as $row) {
            $order->vouchers[] = ['name' => self::plain($row['description']), 'sum' => self::money($row['amount'], $rate)];
        }
    }

    /** @param array{code: string, class: int|null} $shipping */
    private function readTotals(Order $order, int $rate, array $shipping, int $store): void
    {
        $rows = $this->db->rows('SELECT `code`, `title`, `value` FROM {order_total} WHERE `order_id` = ?'
            . ' ORDER BY `sort_order`, `order_total_id`', $order->id);
        $taxes = [];
        foreach ($rows as $row) {
            if ($row['code'] === 'tax') {
                $taxes[] = (string) $row['title'];
            }
        }
        foreach ($rows as $row) {
            $code = (string) $row['code'];
            $class = $code === 'shipping' ? $shipping['class'] ?? $this->classOf('shipping_' . $shipping['code'], $store)
                : $this->classOf('total_' . $code, $store);
            $order->totals[] = ['code' => $code, 'title' => self::plain($row['title']),
                'sum' => self::money($row['value'], $rate),
                'rate' => in_array($code, ['tax', 'total', 'sub_total'], true) ? 0 : $this->rateOf($class, $taxes),
                'freesDelivery' => $code === 'coupon' && $this->freesDelivery((string) $row['title'])];
        }
    }

    private function classOf(string $extension, int $store): int
    {
        $row = $this->db->row('SELECT `value` FROM {setting} WHERE `key` = ? AND `store_id` IN (0, ?)'
            . ' ORDER BY `store_id` DESC LIMIT 1', $extension . '_tax_class_id', $store);
        return (int) ($row['value'] ?? 0);
    }

    /**
     * What a class of taxes takes, of those rates that this order was charged: which zone counted is known by that.
     *
     * @param string[] $charged titles
     */
    private function rateOf(int $class, array $charged): int
    {
        if ($class === 0 || $charged === []) {
            return 0;
        }
        $rate = 0;
        foreach (
            $this->db->rows('SELECT DISTINCT r.`tax_rate_id`, r.`name`, r.`rate`, r.`type` FROM {tax_rule} u JOIN {tax_rate} r'
            . ' ON r.`tax_rate_id` = u.`tax_rate_id` WHERE u.`tax_class_id` = ?', $class) as $row
        ) {
            if ($row['type'] === 'P' && in_array($row['name'], $charged, true)) {
                $rate += Digits::scale((string) $row['rate'], 2, 'tax.rate');
            }
        }
        return $rate;
    }

    /** Whether the coupon, whose code stands at the end of the title, makes the delivery free. */
    private function freesDelivery(string $title): bool
    {
        if (preg_match('/\(([^()]+)\)\s*$/D', $title, $parts) !== 1) {
            return false;
        }
        $row = $this->db->row('SELECT `shipping` FROM {coupon} WHERE `code` = ?', $parts[1]);
        return (int) ($row['shipping'] ?? 0) === 1;
    }

    /**
     * @param array<string, string|null> $row
     * @return array{code: string, class: int|null}
     */
    private static function shippingOf(array $row): array
    {
        $method = json_decode((string) ($row['shipping_method'] ?? ''), true);
        $class = is_array($method) && isset($method['tax_class_id']) ? (int) $method['tax_class_id'] : null;
        return ['code' => self::codeOf($row['shipping_code'] ?? $row['shipping_method'] ?? ''), 'class' => $class];
    }

    /** "cod" of "cod", of "cod.cod", and of {"code": "cod.cod"}. */
    private static function codeOf(?string $text): string
    {
        $method = json_decode((string) $text, true);
        $code = is_array($method) ? $method['code'] ?? '' : $text;
        return explode('.', is_string($code) ? $code : '')[0];
    }

    /** The shop keeps texts as they stand in HTML. */
    private static function plain(?string $text): string
    {
        return html_entity_decode((string) $text, ENT_QUOTES | ENT_HTML5, 'UTF-8');
    }

    private static function percent(string $tax, string $price): string
    {
        $part = Digits::scale($tax, 4, 'order_product.tax');
        $whole = Digits::scale($price, 4, 'order_product.price');
        return $part > 0 && $whole > 0 ? (string) intdiv($part * 100 + intdiv($whole, 2), $whole) : '';
    }

    /** Hundredths of a kopeck, in the currency the order is paid in. */
    private static function money(?string $value, int $rate): int
    {
        $sum = Digits::scale((string) ($value ?? '0'), 4, 'order.sum');
        if ($rate === 10 ** self::RATE_PLACES || $rate === 0) {
            return $sum;
        }
        if ($rate > 10 ** 10 || abs($sum) > 10 ** 12) {
            throw new ValidationException('order.sum', 'too high for the rate of its currency');
        }
        $digits = abs($sum);
        $scaled = intdiv($digits, 10000) * $rate + intdiv(($digits % 10000) * $rate, 10000);
        return ($sum < 0 ? -1 : 1) * intdiv($scaled + 5000, 10000);
    }
}
