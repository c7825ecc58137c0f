<?php

declare(strict_types=1);

namespace Fiscalgate\Plugin\System\Fiscalgate;

use Fiscalgate\Sdk\Shop\Operation;
use Fiscalgate\Sdk\Shop\OperationStore;
use Joomla\Database\DatabaseInterface;

/**
 * The operations in a table of Joomla's database.
 */
final class DatabaseStore implements OperationStore
{
    private const TABLE = '#__fiscalgate_operations';

    private DatabaseInterface $db;

    public function __construct(DatabaseInterface $db)
    {
        $this->db = $db;
    }

    public function add(Operation $operation): bool
    {
        $row = $operation->toRow();
        $sql = sprintf(
            'INSERT INTO %s (%s) VALUES (%s)',
            $this->db->quoteName(self::TABLE),
            implode(', ', array_map([$this->db, 'quoteName'], array_keys($row))),
            implode(', ', array_map([$this, 'value'], $row))
        );
        try {
            $this->db->setQuery($sql)->execute();
            return true;
        } catch (\RuntimeException $e) {
            if ($this->find($operation->getKey()) === null) {
                throw $e;
            }
            return false; // the unique key has decided
        }
    }

    public function find(string $key): ?Operation
    {
        $found = $this->select('op_key = ' . $this->db->quote($key), 1);
        return $found[0] ?? null;
    }

    public function ofOrder(string $order): array
    {
        return $this->select('order_id = ' . $this->db->quote($order), 1000);
    }

    public function due(int $now, int $limit): array
    {
        return $this->select('due > 0 AND due <= ' . $now, $limit, 'due, id');
    }

    public function replace(Operation $old, Operation $next): bool
    {
        $changes = [];
        foreach ($next->with(['version' => $old->getVersion() + 1])->toRow() as $name => $value) {
            $changes[] = $this->db->quoteName($name) . ' = ' . $this->value($value);
        }
        $this->db->setQuery(sprintf(
            'UPDATE %s SET %s WHERE op_key = %s AND version = %d',
            $this->db->quoteName(self::TABLE),
            implode(', ', $changes),
            $this->db->quote($old->getKey()),
            $old->getVersion()
        ))->execute();
        return $this->db->getAffectedRows() === 1;
    }

    /** @return Operation[] */
    private function select(string $where, int $limit, string $order = 'id'): array
    {
        $sql = sprintf('SELECT * FROM %s WHERE %s ORDER BY %s', $this->db->quoteName(self::TABLE), $where, $order);
        $rows = $this->db->setQuery($sql, 0, $limit)->loadAssocList();
        return array_map([Operation::class, 'fromRow'], $rows ?: []);
    }

    /** @param string|int $value */
    private function value($value): string
    {
        return is_int($value) ? (string) $value : $this->db->quote($value);
    }
}
