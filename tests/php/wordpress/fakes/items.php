<?php

/**
 * Fakes of what an order holds.
 */

declare(strict_types=1);

class WC_Order_Item
{
    protected array $about;

    public function __construct(array $about)
    {
        $this->about = $about + ['id' => 0, 'name' => '', 'total' => '0', 'tax' => '0', 'rates' => [], 'class' => '', 'quantity' => 1, 'meta' => []];
    }

    public function get_id(): int
    {
        return $this->about['id'];
    }

    public function get_name(): string
    {
        return $this->about['name'];
    }

    public function get_total(): string
    {
        return $this->about['total'];
    }

    public function get_total_tax(): string
    {
        return $this->about['tax'];
    }

    public function get_taxes(): array
    {
        return ['total' => array_fill_keys($this->about['rates'], $this->about['tax'])];
    }

    public function get_tax_class(): string
    {
        return $this->about['class'];
    }

    public function get_quantity(): int
    {
        return $this->about['quantity'];
    }

    public function get_meta($key)
    {
        return $this->about['meta'][$key] ?? '';
    }
}

class WC_Order_Item_Product extends WC_Order_Item
{
    public function get_product()
    {
        return wc_get_product($this->about['product'] ?? 0);
    }
}

class WC_Order_Item_Shipping extends WC_Order_Item
{
}

class WC_Order_Item_Fee extends WC_Order_Item
{
}

class WC_Order_Item_Tax extends WC_Order_Item
{
    public function get_rate_id(): int
    {
        return $this->about['rate'];
    }

    public function get_rate_percent(): float
    {
        return (float) $this->about['percent'];
    }
}

class WC_Product extends WC_Data
{
    public function __construct(int $id)
    {
        $this->id = $id;
    }

    public function get_parent_id(): int
    {
        return (int) get_post_field('post_parent', $this->id);
    }
}

function wc_get_product($id)
{
    return get_post_type((int) $id) === 'shop_product' ? new WC_Product((int) $id) : false;
}
