<?php

declare(strict_types=1);

/** A fake: an order's row. */
final class shopOrderModel
{
    public function getById($id)
    {
        return FakeShop::$orders[$id] ?? null;
    }
}

/** A fake: the items of an order. */
final class shopOrderItemsModel
{
    public function getByField($field, $value, $all = false): array
    {
        return FakeShop::$items[$value] ?? [];
    }
}

/** A fake: what else is known of an order. */
final class shopOrderParamsModel
{
    public function get($id): array
    {
        return FakeWebasyst::$now->params[$id] ?? [];
    }
}

/** A fake: the history of an order. It sets nothing going, as the real one does not. */
final class shopOrderLogModel
{
    public function add(array $data): void
    {
        FakeWebasyst::$now->history[] = $data;
    }
}

/** A fake: who has printed an order's receipt. */
final class shopFiscalization
{
    private int $id;

    public function __construct(int $id)
    {
        $this->id = $id;
    }

    public function isFiscalized(): bool
    {
        return !empty(FakeWebasyst::$now->params[$this->id]['fiscalization_datetime']);
    }

    public function declareFiscalization($type, $plugin): void
    {
        FakeWebasyst::$now->params[$this->id] = ['fiscalization_datetime' => '2026-11-21 13:15:00',
            'fiscalization_plugin_type' => $type, 'fiscalization_plugin_id' => $plugin] + (FakeWebasyst::$now->params[$this->id] ?? []);
    }
}

/** A fake: the buyer. */
final class waContact
{
    private $id;

    public function __construct($id)
    {
        if (!isset(FakeShop::$contacts[$id])) {
            throw new waException('no such contact');
        }
        $this->id = $id;
    }

    public function get($field, $format = null)
    {
        return FakeShop::$contacts[$this->id][$field] ?? '';
    }
}

/**
 * A fake: orders as Shop-Script leaves them in its tables, counted in floats as the shop does.
 */
final class FakeShop
{
    /** @var array<int, array<string, mixed>> */
    public static array $orders = [];
    /** @var array<int, array[]> */
    public static array $items = [];
    /** @var array<int, array<string, string>> */
    public static array $contacts = [];

    public static function reset(): void
    {
        [self::$orders, self::$items] = [[], []];
        self::$contacts = [1 => ['email' => 'buyer@example.com', 'phone' => '79161234567']];
    }

    /**
     * @param array[] $items [name, price, quantity, percent or null, is tax included, discount of the line]
     * @param array<string, mixed> $more columns of the order
     * @param array<string, string> $params
     */
    public static function order(int $id, array $items, array $more = [], array $params = []): void
    {
        $row = $more + ['id' => $id, 'contact_id' => 1, 'create_datetime' => '2026-11-21 13:15:00', 'paid_date' => '2026-11-21',
            'currency' => 'RUB', 'tax' => 0, 'shipping' => 0, 'discount' => 0, 'state_id' => 'paid'];
        $subtotal = $tax = 0.0;
        self::$items[$id] = [];
        $goods = array_sum(array_map(static function (array $item): float {
            return $item[1] * $item[2];
        }, $items));
        $inLines = array_sum(array_column($items, 5));
        $rate = $goods > 0 ? ($row['discount'] - $inLines) / $goods : 0;
        foreach ($items as $key => $item) {
            [$name, $price, $quantity, $percent, $isIncluded, $discount] = $item + [3 => null, 4 => 1, 5 => 0];
            $sum = $price * $quantity;
            $subtotal += $sum;
            $tax += $isIncluded || $percent === null ? 0 : round(($sum - $discount) * (1 - $rate) * $percent / 100, 2);
            self::$items[$id][] = ['id' => (string) ($id * 100 + $key), 'order_id' => (string) $id, 'name' => $name, 'type' => 'product',
                'price' => sprintf('%.4F', $price), 'quantity' => sprintf('%.3F', $quantity), 'total_discount' => sprintf('%.4F', $discount),
                'tax_percent' => $percent === null ? null : sprintf('%.4F', $percent), 'tax_included' => (string) $isIncluded];
        }
        if (($params['shipping_tax_included'] ?? '') === '0') {
            $tax += round($row['shipping'] * $params['shipping_tax_percent'] / 100, 2);
        }
        $row += ['total' => sprintf('%.4F', $subtotal - $row['discount'] + $row['shipping'] + $tax)];
        self::$orders[$id] = array_map('strval', $row);
        FakeWebasyst::$now->params[$id] = $params + ['payment_id' => '1'];
    }
}
