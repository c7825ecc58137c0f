<?php

use Fiscalgate\Sdk\Digits;
use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\Quantity;

/**
 * An order of Shop-Script in kopecks, tax included. The shop keeps the tax of each line in its price or on top of it.
 */
class shopFiscalgatePluginOrder
{
    /** @var array */
    private $row;
    /** @var array[] */
    private $items;
    /** @var array */
    private $params;

    /**
     * @param array   $row    of shop_order
     * @param array[] $items  rows of shop_order_items
     * @param array   $params shop_order_params by name, contact_email, contact_phone
     */
    public function __construct(array $row, array $items, array $params)
    {
        $this->row = $row;
        $this->items = $items;
        $this->params = $params;
    }

    /** @return int */
    public function getId()
    {
        return (int) $this->row['id'];
    }

    /** @return bool */
    public function isPaid()
    {
        return !empty($this->row['paid_date']);
    }

    /** @return string */
    public function getDate()
    {
        return (string) $this->row['create_datetime'];
    }

    /** @return string */
    public function getCurrency()
    {
        return strtoupper((string) $this->row['currency']);
    }

    /** @return int id of the way of paying */
    public function getPayment()
    {
        return (int) $this->param('payment_id');
    }

    /** @return string */
    public function getEmail()
    {
        return $this->param('contact_email');
    }

    /** @return string */
    public function getPhone()
    {
        $phone = $this->param('contact_phone');
        return preg_match('/^[1-9]\d{10,}$/D', $phone) ? '+'.$phone : $phone; // the shop keeps them without the plus
    }

    /** @return int kopecks */
    public function getTotal()
    {
        return Money::parse($this->decimal('total'), 'total');
    }

    /** @return int kopecks of the discount that is in no line */
    public function getDiscount()
    {
        $discount = Money::parse($this->decimal('discount'), 'discount');
        foreach ($this->items as $item) {
            $discount -= Money::parse((string) ifset($item['total_discount'], '0'), 'total_discount');
        }
        return max(0, $discount);
    }

    /** @return array[] name, quantity in millionths, sum in kopecks, percent or null, is_service */
    public function getLines()
    {
        return $this->linesOf($this->items);
    }

    /**
     * @param array[] $items as of an order, or of a refund
     * @return array[]
     */
    public function linesOf(array $items)
    {
        $lines = array();
        foreach ($items as $item) {
            $quantity = (string) ifset($item['quantity'], '0');
            if (Digits::scale($quantity, 3, 'quantity') <= 0) {
                continue;
            }
            $percent = ifset($item['tax_percent'], ifset($item['tax_rate'], null));
            $percent = $percent === null || $percent === '' ? null : (string) $percent;
            $lines[] = array(
                'name'       => html_entity_decode(strip_tags((string) ifset($item['name'], '')), ENT_QUOTES, 'UTF-8'),
                'quantity'   => Quantity::parse($quantity),
                'sum'        => $this->sumOf($item, $quantity, $percent),
                'percent'    => $percent,
                'is_service' => ifset($item['type'], '') === 'service',
            );
        }
        return $lines;
    }

    /** @return array|null sum in kopecks, percent or null, name */
    public function getDelivery()
    {
        $sum = Money::parse($this->decimal('shipping'), 'shipping');
        if ($sum === 0) {
            return null;
        }
        $percent = $this->param('shipping_tax_percent') === '' ? null : $this->param('shipping_tax_percent');
        if ($percent !== null && $this->param('shipping_tax_included') === '0') {
            $sum = self::withTax($sum * 100, $percent);
        }
        return array('sum' => $sum, 'percent' => $percent, 'name' => $this->param('shipping_name'));
    }

    /** @return bool whether tax comes on top of a price */
    public function hasTaxOnTop()
    {
        foreach ($this->items as $item) {
            if (empty($item['tax_included']) && (float) ifset($item['tax_percent'], 0) > 0) {
                return true;
            }
        }
        return false;
    }

    /** @return string the plugin that has printed this order's receipt already, if it is another */
    public function printedBy()
    {
        $id = $this->param('fiscalization_plugin_id');
        $is_ours = $this->param('fiscalization_plugin_type') === 'shop_plugin' && $id === 'fiscalgate';
        return $this->param('fiscalization_datetime') === '' || $is_ours ? '' : ($id === '' ? '?' : $id);
    }

    /**
     * @param array       $item
     * @param string      $quantity
     * @param string|null $percent
     * @return int
     */
    private function sumOf(array $item, $quantity, $percent)
    {
        $price = Digits::scale((string) ifset($item['price'], '0'), 4, 'price');
        $sum = $price * Digits::scale($quantity, 3, 'quantity'); // 10^-7 of a rouble
        $fine = intdiv($sum + 500, 1000) - Digits::scale((string) ifset($item['total_discount'], '0'), 4, 'total_discount');
        $is_on_top = $percent !== null && array_key_exists('tax_included', $item) && !(int) $item['tax_included'];
        return max(0, $is_on_top ? self::withTax($fine, $percent) : intdiv($fine + 50, 100));
    }

    /**
     * @param int    $fine    sum in 10^-4 of a rouble
     * @param string $percent
     * @return int kopecks
     */
    private static function withTax($fine, $percent)
    {
        return intdiv($fine * (1000000 + Digits::scale($percent, 4, 'tax')) + 50000000, 100000000);
    }

    private function decimal($name)
    {
        $value = isset($this->row[$name]) ? (string) $this->row[$name] : '';
        return $value === '' ? '0' : $value;
    }

    private function param($name)
    {
        return isset($this->params[$name]) && is_scalar($this->params[$name]) ? trim((string) $this->params[$name]) : '';
    }
}
