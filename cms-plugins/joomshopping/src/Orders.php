<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Joomla\Database\DatabaseInterface;

/**
 * The orders of JoomShopping, as its tables have them: also where the shop itself is not running.
 */
final class Orders
{
    private DatabaseInterface $db;

    public function __construct(DatabaseInterface $db)
    {
        $this->db = $db;
    }

    public function find(int $id): ?Order
    {
        $row = $this->db->setQuery('SELECT * FROM #__jshopping_orders WHERE order_id = ' . $id)->loadAssoc();
        if (!$row) {
            return null;
        }
        $sql = 'SELECT * FROM #__jshopping_order_item WHERE order_id = ' . $id . ' ORDER BY order_item_id';
        return new Order($row, $this->db->setQuery($sql)->loadAssocList() ?: []);
    }

    /** @return array<int, string> */
    public function statuses(string $language): array
    {
        return $this->names('#__jshopping_order_status', 'status_id', $language);
    }

    /** @return array<int, string> */
    public function payments(string $language): array
    {
        return $this->names('#__jshopping_payment_method', 'payment_id', $language);
    }

    /** @return array<int, string> ids with names in the language, or another if there is none */
    private function names(string $table, string $id, string $language): array
    {
        $names = [];
        foreach ($this->db->setQuery('SELECT * FROM ' . $table . ' ORDER BY ' . $id)->loadAssocList() ?: [] as $row) {
            $all = array_filter($row, static function ($value, string $column): bool {
                return strncmp($column, 'name_', 5) === 0 && (string) $value !== '';
            }, ARRAY_FILTER_USE_BOTH);
            $names[(int) $row[$id]] = (string) ($all['name_' . $language] ?? $all['name_en-GB'] ?? (reset($all) ?: $row[$id]));
        }
        return $names;
    }
}
