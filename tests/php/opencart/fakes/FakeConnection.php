<?php

declare(strict_types=1);

namespace Fiscalgate\OpenCartTests\Fakes;

/**
 * OpenCart's DB over SQLite: what differs from MySQL in the plugin's own SQL is put right here.
 */
final class FakeConnection
{
    private \PDO $pdo;
    private int $affected = 0;
    /** @var string[] */
    public array $queries = [];

    public function __construct()
    {
        $this->pdo = new \PDO('sqlite::memory:', null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION]);
    }

    /** @return object|bool */
    public function query(string $sql)
    {
        $this->queries[] = $sql;
        $sql = str_replace(['INSERT IGNORE', ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4'], ['INSERT OR IGNORE', ''], $sql);
        $statement = $this->pdo->query($sql);
        $this->affected = $statement->rowCount();
        if ($statement->columnCount() === 0) {
            return true;
        }
        $rows = array_map(static function (array $row): array {
            return array_map(static function ($value): ?string {
                return $value === null ? null : (string) $value;
            }, $row);
        }, $statement->fetchAll(\PDO::FETCH_ASSOC));
        return (object) ['num_rows' => count($rows), 'row' => $rows[0] ?? [], 'rows' => $rows];
    }

    public function escape(string $text): string
    {
        return str_replace("'", "''", $text);
    }

    public function countAffected(): int
    {
        return $this->affected;
    }
}
