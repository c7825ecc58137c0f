<?php

/**
 * Fakes of orders and refunds.
 */

declare(strict_types=1);

abstract class WC_Abstract_Order extends WC_Data
{
    private const CLASSES = ['line_item' => 'WC_Order_Item_Product', 'shipping' => 'WC_Order_Item_Shipping', 'fee' => 'WC_Order_Item_Fee',
        'tax' => 'WC_Order_Item_Tax'];

    public function __construct(int $id)
    {
        $this->id = $id;
        $this->props = json_decode((string) get_post_meta($id, '_fake', true), true) + ['items' => [], 'total' => '0', 'status' => 'pending'];
    }

    public function get_items($types = 'line_item'): array
    {
        $items = [];
        foreach ($this->props['items'] as $item) {
            if (in_array($item['type'], (array) $types, true)) {
                $class = self::CLASSES[$item['type']];
                $items[$item['id']] = new $class($item);
            }
        }
        return $items;
    }

    public function get_total(): string
    {
        return $this->props['total'];
    }
}

class WC_Order_Refund extends WC_Abstract_Order
{
    public function get_amount(): string
    {
        return $this->props['amount'];
    }

    public function get_type(): string
    {
        return 'shop_order_refund';
    }
}

class WC_Order extends WC_Abstract_Order
{
    public function get_type(): string
    {
        return 'shop_order';
    }

    public function get_status(): string
    {
        return $this->props['status'];
    }

    public function has_status($status): bool
    {
        return in_array($this->props['status'], (array) $status, true);
    }

    public function get_payment_method(): string
    {
        return $this->props['method'] ?? 'bacs';
    }

    public function get_currency(): string
    {
        return $this->props['currency'] ?? 'RUB';
    }

    public function get_billing_email(): string
    {
        return $this->props['email'] ?? 'buyer@example.com';
    }

    public function get_billing_phone(): string
    {
        return $this->props['phone'] ?? '';
    }

    public function get_date_created(): DateTime
    {
        return new DateTime('@' . ($this->props['created'] ?? time()));
    }

    public function get_date_paid(): ?DateTime
    {
        return empty($this->props['paid']) ? null : new DateTime('@' . $this->props['paid']);
    }

    public function get_edit_order_url(): string
    {
        return admin_url('admin.php?page=wc-orders&action=edit&id=' . $this->id);
    }

    /** @return WC_Order_Refund[] the newest first */
    public function get_refunds(): array
    {
        $posts = get_posts(['post_type' => 'shop_order_refund', 'post_parent' => $this->id, 'post_status' => 'any', 'numberposts' => -1, 'fields' => 'ids',
            'orderby' => 'ID']);
        return array_map(static function (int $id): WC_Order_Refund {
            return new WC_Order_Refund($id);
        }, $posts);
    }

    public function get_remaining_refund_amount(): string
    {
        $left = (float) $this->get_total();
        foreach ($this->get_refunds() as $refund) {
            $left -= (float) $refund->get_amount();
        }
        return number_format($left, 2, '.', '');
    }

    public function add_order_note($text): void
    {
        wp_insert_comment(['comment_post_ID' => $this->id, 'comment_content' => $text, 'comment_type' => 'order_note', 'comment_approved' => 1]);
    }

    public function update_status(string $status): void
    {
        $from = $this->props['status'];
        $this->props['status'] = $status;
        if (in_array($status, $this->get_payment_method() === 'cod' ? ['completed'] : ['processing', 'completed'], true)) {
            $this->props['paid'] = $this->props['paid'] ?? time();
        }
        $this->save();
        if ($from !== $status) {
            do_action('woocommerce_order_status_' . $status, $this->id, $this);
            do_action('woocommerce_order_status_changed', $this->id, $from, $status, $this);
        }
    }

    public function payment_complete(): void
    {
        $this->props['paid'] = time();
        $this->update_status('processing');
        do_action('woocommerce_payment_complete', $this->id, '');
    }
}

function wc_get_order($id)
{
    $id = $id instanceof WC_Abstract_Order ? $id->get_id() : (int) $id;
    $classes = ['shop_order' => WC_Order::class, 'shop_order_refund' => WC_Order_Refund::class];
    $class = $classes[get_post_type($id)] ?? null;
    return $class === null ? false : new $class($id);
}

function wc_get_orders(array $query)
{
    return get_posts(['post_type' => $query['type'], 'post_status' => 'any', 'fields' => 'ids', 'numberposts' => $query['limit'], 'orderby' => 'ID',
        'order' => $query['order'], 'meta_key' => $query['meta_key'], 'meta_value' => $query['meta_value']]);
}

function wc_create_refund(array $args)
{
    $order = wc_get_order($args['order_id']);
    if ((float) $args['amount'] > (float) $order->get_remaining_refund_amount()) {
        return new WP_Error('invalid', 'Invalid refund amount.');
    }
    $id = wp_insert_post(['post_type' => 'shop_order_refund', 'post_parent' => $order->get_id(), 'post_status' => 'publish', 'post_title' => 'Refund']);
    update_post_meta($id, '_fake', wp_slash(wp_json_encode(['amount' => (string) $args['amount'], 'items' => $args['fake_items'] ?? []])));
    do_action('woocommerce_order_refunded', $order->get_id(), $id);
    return new WC_Order_Refund($id);
}

/** An order for tests. */
function fake_order(array $props): WC_Order
{
    $id = wp_insert_post(['post_type' => 'shop_order', 'post_status' => 'publish', 'post_title' => 'Order']);
    update_post_meta($id, '_fake', wp_slash(wp_json_encode($props)));
    return new WC_Order($id);
}
