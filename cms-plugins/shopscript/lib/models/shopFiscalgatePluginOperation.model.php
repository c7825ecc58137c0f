<?php

/**
 * The table of operations.
 */
class shopFiscalgatePluginOperationModel extends waModel
{
    protected $table = 'shop_fiscalgate_operation';

    /**
     * @param array $row
     * @return bool false if there is one of that key
     */
    public function addNew(array $row)
    {
        $names = array_keys($row);
        $values = array_map(function ($name) {
            return 's:'.$name;
        }, $names);
        $sql = 'INSERT IGNORE INTO '.$this->table.' ('.implode(', ', $names).') VALUES ('.implode(', ', $values).')';
        return $this->query($sql, $row)->affectedRows() === 1;
    }

    /**
     * @param string $key
     * @param int    $version
     * @param array  $row
     * @return bool false if the version is another by now
     */
    public function replaceVersion($key, $version, array $row)
    {
        $changes = array_map(function ($name) {
            return $name.' = s:'.$name;
        }, array_keys($row));
        $sql = 'UPDATE '.$this->table.' SET '.implode(', ', $changes).' WHERE op_key = s:old_key AND version = i:old_version';
        return $this->query($sql, $row + array('old_key' => $key, 'old_version' => $version))->affectedRows() === 1;
    }

    /**
     * @param string $key
     * @return array|null
     */
    public function findKey($key)
    {
        $row = $this->query('SELECT * FROM '.$this->table.' WHERE op_key = s:key', array('key' => $key))->fetchAssoc();
        return $row ? $row : null;
    }

    /**
     * @param string $order_id
     * @return array[]
     */
    public function findOrder($order_id)
    {
        $sql = 'SELECT * FROM '.$this->table.' WHERE order_id = s:order_id ORDER BY id';
        return $this->query($sql, array('order_id' => $order_id))->fetchAll();
    }

    /**
     * @param int $now
     * @param int $limit
     * @return array[]
     */
    public function findDue($now, $limit)
    {
        $sql = 'SELECT * FROM '.$this->table.' WHERE due > 0 AND due <= i:now ORDER BY due, id LIMIT i:limit';
        return $this->query($sql, array('now' => $now, 'limit' => $limit))->fetchAll();
    }
}
