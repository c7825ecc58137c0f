<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * SQL over OpenCart's own connection. `{order}` is a table with the shop's prefix, `?` a value: whole numbers go as they
 * are, everything else is escaped by the connection and quoted.
 */
final class Db
{
    private object $connection;
    private string $prefix;

    /** @param object $connection OpenCart's DB: query, escape, countAffected */
    public function __construct(object $connection, string $prefix)
    {
        $this->connection = $connection;
        $this->prefix = $prefix;
    }

    /**
     * @param string|int|null ...$values
     * @return array<int, array<string, string|null>>
     */
    public function rows(string $sql, ...$values): array
    {
        $result = $this->connection->query($this->compose($sql, $values));
        return is_object($result) ? $result->rows : [];
    }

    /**
     * @param string|int|null ...$values
     * @return array<string, string|null> empty if there is none
     */
    public function row(string $sql, ...$values): array
    {
        return $this->rows($sql, ...$values)[0] ?? [];
    }

    /**
     * @param string|int|null ...$values
     * @return int how many rows it changed
     */
    public function run(string $sql, ...$values): int
    {
        $this->connection->query($this->compose($sql, $values));
        return (int) $this->connection->countAffected();
    }

    /** @param array<int, string|int|null> $values */
    private function compose(string $sql, array $values): string
    {
        $parts = explode('?', (string) preg_replace('/\{(\w+)\}/', '`' . $this->prefix . '$1`', $sql));
        if (count($parts) !== count($values) + 1) {
            throw new \LogicException('values do not fit: ' . $sql);
        }
        $text = array_shift($parts);
        foreach ($parts as $i => $part) {
            $text .= $this->quote($values[$i]) . $part;
        }
        return $text;
    }

    /** @param string|int|null $value */
    private function quote($value): string
    {
        if ($value === null) {
            return 'NULL';
        }
        return is_int($value) ? (string) $value : "'" . $this->connection->escape($value) . "'";
    }
}
