<?php

declare(strict_types=1);

namespace Joomla\Tests;

/**
 * A fake: orders as JoomShopping 5 leaves them in its tables. It counts as the shop does, in floats, each tax rounded by
 * itself.
 */
final class FakeShop
{
    public const TABLES = [
        'orders' => ['order_id', 'order_number', 'order_total', 'order_discount', 'order_shipping', 'shipping_tax',
            'shipping_tax_ext', 'order_package', 'package_tax_ext', 'order_payment', 'payment_tax', 'payment_tax_ext',
            'currency_code_iso', 'order_status', 'order_date', 'payment_method_id', 'email', 'phone', 'mobil_phone', 'display_price'],
        'order_item' => ['order_item_id', 'order_id', 'product_name', 'product_attributes', 'product_freeattributes',
            'product_quantity', 'product_item_price', 'product_tax'],
        'order_status' => ['status_id', 'name_en-GB', 'name_ru-RU'],
        'payment_method' => ['payment_id', 'name_en-GB'],
    ];

    private FakeDatabase $db;

    public function __construct(FakeDatabase $db)
    {
        $this->db = $db;
    }

    /**
     * @param array[] $items [name, price, quantity, percent]
     * @param array<string, mixed> $more columns of the order; "taxAfterDiscount" takes the tax off with the discount
     */
    public function order(int $id, array $items, array $more = []): void
    {
        $isNet = ($more['display_price'] ?? 0) === 1;
        $taxAfterDiscount = $more['taxAfterDiscount'] ?? false;
        unset($more['taxAfterDiscount']);
        $row = $more + ['order_id' => $id, 'order_number' => sprintf('%08d', $id), 'order_discount' => 0, 'order_shipping' => 0,
            'shipping_tax' => 0, 'shipping_tax_ext' => '', 'order_package' => 0, 'package_tax_ext' => '', 'order_payment' => 0,
            'payment_tax' => 0, 'payment_tax_ext' => '', 'currency_code_iso' => 'RUB', 'order_status' => 1,
            'order_date' => '2026-11-21 13:15:00', 'payment_method_id' => 1, 'email' => 'buyer@example.com', 'phone' => '',
            'mobil_phone' => '', 'display_price' => 0];
        $goods = 0.0;
        $taxes = [];
        foreach ($items as $key => [$name, $price, $quantity, $percent]) {
            $goods += $price * $quantity;
            $taxes[(string) $percent] = ($taxes[(string) $percent] ?? 0) + $price * $quantity * $percent / 100;
            $this->db->insert('order_item', ['order_item_id' => $id * 100 + $key, 'order_id' => $id, 'product_name' => $name,
                'product_attributes' => '', 'product_freeattributes' => '', 'product_quantity' => number_format((float) $quantity, 2, '.', ''),
                'product_item_price' => number_format($price, 4, '.', ''), 'product_tax' => number_format((float) $percent, 4, '.', '')]);
        }
        $total = $goods + $row['order_shipping'] + $row['order_package'] + $row['order_payment'] - $row['order_discount'];
        if ($isNet) {
            $part = $taxAfterDiscount && $goods > 0 ? 1 - $row['order_discount'] / $goods : 1;
            foreach ($taxes as $tax) {
                $total += round($tax * $part, 2);
            }
            foreach (['shipping_tax_ext', 'package_tax_ext', 'payment_tax_ext'] as $column) {
                $total += $row[$column] === '' ? 0 : array_sum(unserialize($row[$column]));
            }
        }
        $row += ['order_total' => number_format(max(0, $total), 4, '.', '')];
        $this->db->insert('orders', $row);
    }

    public function set(int $id, string $column, $value): void
    {
        $this->db->setQuery('UPDATE #__jshopping_orders SET ' . $column . ' = ' . $this->db->quote($value) . ' WHERE order_id = ' . $id)
            ->execute();
    }
}
