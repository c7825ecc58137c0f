<?php

declare(strict_types=1);

namespace Joomla\Tests;

use Joomla\Database\DatabaseInterface;

/**
 * A fake: Joomla's driver over SQLite in memory, with the plugin's table and as much of JoomShopping's as is read.
 */
final class FakeDatabase implements DatabaseInterface
{
    private \PDO $pdo;
    private string $sql = '';
    private int $affected = 0;
    /** Whether everything fails, as with a server that is gone. */
    public bool $isGone = false;

    public function __construct()
    {
        $this->pdo = new \PDO('sqlite::memory:', null, null, [\PDO::ATTR_ERRMODE => \PDO::ERRMODE_EXCEPTION,
            \PDO::ATTR_STRINGIFY_FETCHES => true]);
        $table = (string) file_get_contents(__DIR__ . '/../../../cms-plugins/joomshopping/sql/install.mysql.utf8.sql');
        preg_match_all('/^  `(\w+)` (\w+)/m', $table, $columns, PREG_SET_ORDER);
        $definitions = array_map(static function (array $column): string {
            $type = strpos($column[2], 'int') === false ? 'TEXT' : 'INTEGER';
            return $column[1] . ' ' . ($column[1] === 'id' ? 'INTEGER PRIMARY KEY' : $type);
        }, $columns);
        $this->pdo->exec('CREATE TABLE j_fiscalgate_operations (' . implode(', ', $definitions) . ', UNIQUE (op_key))');
        foreach (FakeShop::TABLES as $name => $names) {
            $columns = array_map(function (string $column): string {
                return $this->quoteName($column) . (substr($column, -3) === '_id' ? ' INTEGER' : ' TEXT');
            }, $names);
            $this->pdo->exec('CREATE TABLE j_jshopping_' . $name . ' (' . implode(', ', $columns) . ')');
        }
    }

    public function setQuery($query, $offset = 0, $limit = 0)
    {
        $this->sql = str_replace('#__', 'j_', (string) $query) . ($limit > 0 ? " LIMIT $limit OFFSET $offset" : '');
        return $this;
    }

    public function execute()
    {
        if ($this->isGone) {
            throw new \RuntimeException('the server has gone away');
        }
        $statement = $this->pdo->query($this->sql); // PDOException is a RuntimeException, as Joomla's own
        $this->affected = $statement->rowCount();
        return $statement;
    }

    public function loadAssoc()
    {
        return $this->execute()->fetch(\PDO::FETCH_ASSOC) ?: null;
    }

    public function loadAssocList()
    {
        return $this->execute()->fetchAll(\PDO::FETCH_ASSOC);
    }

    public function getAffectedRows()
    {
        return $this->affected;
    }

    public function quote($text, $escape = true)
    {
        return $this->pdo->quote((string) $text);
    }

    public function quoteName($name, $as = null)
    {
        return '"' . str_replace(['"', '#__'], ['', 'j_'], $name) . '"';
    }

    public function insert(string $table, array $row): void
    {
        $this->setQuery('INSERT INTO #__jshopping_' . $table . ' (' . implode(', ', array_map([$this, 'quoteName'], array_keys($row)))
            . ') VALUES (' . implode(', ', array_map([$this, 'quote'], $row)) . ')')->execute();
    }
}
