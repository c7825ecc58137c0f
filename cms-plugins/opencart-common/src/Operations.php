<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\State;
use Fiscalgate\Sdk\Submission;

/**
 * The plugin's table: one row for each receipt of an order, held to it by a unique key whatever comes twice. Every change
 * of a row says what it must have been before; who comes second changes nothing.
 */
final class Operations
{
    /** Seconds one worker has a row to himself: more than a request to the gateway may take. */
    private const LEASE = 60;

    private Db $db;
    /** @var callable */
    private $clock;

    /** @param callable $clock seconds since 1970 */
    public function __construct(Db $db, callable $clock)
    {
        $this->db = $db;
        $this->clock = $clock;
    }

    public function createTable(): void
    {
        $this->db->run('CREATE TABLE IF NOT EXISTS {fiscalgate_operation} ('
            . '`order_id` INT NOT NULL, `operation` VARCHAR(48) NOT NULL, `base` VARCHAR(128) NOT NULL,'
            . ' `number` VARCHAR(128) NOT NULL, `state` VARCHAR(16) NOT NULL, `is_sent` SMALLINT NOT NULL DEFAULT 0,'
            . ' `total` BIGINT NOT NULL DEFAULT 0, `lines` TEXT NOT NULL, `submission` MEDIUMTEXT NOT NULL,'
            . ' `task` VARCHAR(64) NOT NULL, `page` TEXT NOT NULL, `mark` TEXT NOT NULL, `reason` VARCHAR(32) NOT NULL,'
            . ' `error` TEXT NOT NULL, `advice` TEXT NOT NULL, `seq` BIGINT NOT NULL DEFAULT 0,'
            . ' `webhook` VARCHAR(128) NOT NULL, `tries` INT NOT NULL DEFAULT 0, `due` BIGINT NOT NULL DEFAULT 0,'
            . ' `lease` VARCHAR(40) NOT NULL, `leased_until` BIGINT NOT NULL DEFAULT 0, `added` BIGINT NOT NULL,'
            . ' `changed` BIGINT NOT NULL, PRIMARY KEY (`order_id`, `operation`), UNIQUE (`base`))'
            . ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4');
    }

    public function dropTable(): void
    {
        $this->db->run('DROP TABLE IF EXISTS {fiscalgate_operation}');
    }

    /** @return Operation[] of an order, in the order they were made in */
    public function ofOrder(int $order): array
    {
        return array_map(static function (array $row): Operation {
            return new Operation($row);
        }, $this->db->rows('SELECT * FROM {fiscalgate_operation} WHERE `order_id` = ? ORDER BY `added`, `operation`', $order));
    }

    public function find(int $order, string $name): ?Operation
    {
        $row = $this->db->row('SELECT * FROM {fiscalgate_operation} WHERE `order_id` = ? AND `operation` = ?', $order, $name);
        return $row === [] ? null : new Operation($row);
    }

    /** @param string $base the order number of the first try */
    public function byNumber(string $base): ?Operation
    {
        $row = $this->db->row('SELECT * FROM {fiscalgate_operation} WHERE `base` = ?', $base);
        return $row === [] ? null : new Operation($row);
    }

    /**
     * @param array<int, int> $lines see Operation::lines
     * @return bool false if there is one of that name already
     */
    public function add(int $order, string $name, Submission $submission, int $total, array $lines = []): bool
    {
        return $this->insert($order, $name, (string) $submission->getNumber(), Operation::FRESH, [
            'total' => $total, 'lines' => self::json($lines), 'submission' => self::json($submission->toArray()),
            'due' => ($this->clock)(),
        ]);
    }

    /**
     * An operation of which no receipt can be made as it is.
     *
     * @param array<int, int> $lines
     */
    public function addBlocked(
        int $order,
        string $name,
        string $number,
        string $reason,
        string $error,
        array $lines = []
    ): bool {
        $about = ['reason' => $reason, 'error' => $error, 'lines' => self::json($lines)];
        return $this->insert($order, $name, $number, Operation::BLOCKED, $about);
    }

    /** Another content, of one that surely is not at the gateway, or under the number of the next try. */
    public function replace(Operation $old, string $base, Submission $submission, int $total): bool
    {
        $set = ['base' => $base, 'number' => (string) $submission->getNumber(), 'state' => Operation::FRESH, 'is_sent' => 0,
            'total' => $total, 'submission' => self::json($submission->toArray()), 'task' => '', 'page' => '',
            'reason' => '', 'error' => '', 'advice' => '', 'tries' => 0, 'due' => ($this->clock)()];
        return $this->change($old, $set, ' AND `state` = ? AND `number` = ?', $old->state(), $old->number());
    }

    /** The same content once more, now. */
    public function again(Operation $old): bool
    {
        $set = ['state' => Operation::FRESH, 'tries' => 0, 'due' => ($this->clock)()];
        return $this->change($old, $set, ' AND `state` IN (?, ?)', Operation::FRESH, Operation::BLOCKED);
    }

    public function block(Operation $old, string $reason, string $error): bool
    {
        $set = ['state' => Operation::BLOCKED, 'reason' => $reason, 'error' => $error, 'due' => 0];
        return $this->change($old, $set, ' AND `state` = ?', $old->state());
    }

    /** Why nothing came of a wish of the owner's. */
    public function note(Operation $old, string $reason, string $error): bool
    {
        return $this->change($old, ['reason' => $reason, 'error' => $error], ' AND `state` = ?', $old->state());
    }

    /** Not this time. */
    public function postpone(Operation $old, int $seconds, string $reason, string $error, int $tries): bool
    {
        $set = ['reason' => $reason, 'error' => $error, 'tries' => $tries, 'due' => ($this->clock)() + $seconds];
        return $this->change($old, $set, ' AND `state` = ?', $old->state());
    }

    /** Before anything leaves: from now on it may be at the gateway. Or not, after a refusal of the first try. */
    public function markSent(Operation $old, bool $isSent): void
    {
        $this->change($old, ['is_sent' => $isSent ? 1 : 0], '');
    }

    /** The gateway has it. Its result may have come before its yes. */
    public function accept(Operation $old, string $task, string $page, string $state, int $poll): void
    {
        $about = ['task' => $task, 'page' => $page, 'tries' => 0, 'reason' => '', 'error' => ''];
        $isNew = $this->change(
            $old,
            $about + ['state' => $state, 'due' => ($this->clock)() + $poll],
            ' AND `state` IN (?, ?) AND `number` = ?',
            Operation::FRESH,
            Operation::BLOCKED,
            $old->number()
        );
        if (!$isNew) {
            $this->change($old, ['task' => $task, 'page' => $page], ' AND `number` = ?', $old->number());
        }
    }

    /**
     * What the gateway says of it, unless something newer is known.
     *
     * @param array<string, string|int> $about reason, error, advice, mark, webhook
     * @param int $poll seconds until it is asked again; 0: never
     */
    public function learn(Operation $old, string $state, int $seq, array $about, int $poll): bool
    {
        $set = $about + ['state' => $state, 'seq' => $seq, 'due' => $poll === 0 ? 0 : ($this->clock)() + $poll];
        $isFinal = [State::DONE, State::FAILED, State::CANCELLED];
        return $this->change(
            $old,
            $set,
            ' AND `number` = ? AND (`seq` < ? OR (`seq` = ? AND `state` NOT IN (?, ?, ?)))',
            $old->number(),
            $seq,
            $seq,
            ...$isFinal
        );
    }

    /** Which message brought the result that is known. */
    public function remember(Operation $old, string $webhook): void
    {
        $this->change($old, ['webhook' => $webhook], ' AND `number` = ?', $old->number());
    }

    /** Whatever of this order is to be looked after later is looked after now. */
    public function wake(int $order): void
    {
        $now = ($this->clock)();
        $this->db->run('UPDATE {fiscalgate_operation} SET `due` = ? WHERE `order_id` = ? AND `due` > ?', $now, $order, $now);
    }

    /** @return Operation[] what is to be looked after, longest waiting first */
    public function due(int $limit, ?int $order = null): array
    {
        $now = ($this->clock)();
        return array_map(static function (array $row): Operation {
            return new Operation($row);
        }, $this->db->rows('SELECT * FROM {fiscalgate_operation} WHERE `due` > 0 AND `due` <= ? AND `leased_until` < ?'
            . ($order === null ? '' : ' AND `order_id` = ' . $order) . ' ORDER BY `due`, `added` LIMIT ' . $limit, $now, $now));
    }

    /** Whether the gateway was out of reach a moment ago. */
    public function isGatewayAway(int $seconds): bool
    {
        return $this->db->row('SELECT `order_id` FROM {fiscalgate_operation} WHERE `state` = ? AND `reason` = ? AND `changed` > ?'
            . ' LIMIT 1', Operation::FRESH, 'later', ($this->clock)() - $seconds) !== [];
    }

    /** @return Operation|null as it is now, for this worker alone; null if another has it, or it is not due any more */
    public function lease(Operation $operation): ?Operation
    {
        $now = ($this->clock)();
        $lease = bin2hex(random_bytes(16));
        $this->db->run(
            'UPDATE {fiscalgate_operation} SET `lease` = ?, `leased_until` = ? WHERE `order_id` = ? AND `operation` = ?'
            . ' AND `leased_until` < ? AND `due` > 0 AND `due` <= ?',
            $lease,
            $now + self::LEASE,
            $operation->order(),
            $operation->name(),
            $now,
            $now
        );
        $row = $this->db->row(
            'SELECT * FROM {fiscalgate_operation} WHERE `order_id` = ? AND `operation` = ? AND `lease` = ?',
            $operation->order(),
            $operation->name(),
            $lease
        );
        return $row === [] ? null : new Operation($row);
    }

    public function release(Operation $operation): void
    {
        $this->change($operation, ['leased_until' => 0], '');
    }

    /** @return array<string, int> state => how many */
    public function counts(): array
    {
        $counts = [];
        foreach ($this->db->rows('SELECT `state`, COUNT(*) AS `n` FROM {fiscalgate_operation} GROUP BY `state`') as $row) {
            $counts[(string) $row['state']] = (int) $row['n'];
        }
        return $counts;
    }

    /** @param array<string, string|int> $about */
    private function insert(int $order, string $name, string $number, string $state, array $about): bool
    {
        $now = ($this->clock)();
        $row = $about + ['order_id' => $order, 'operation' => $name, 'base' => $number, 'number' => $number,
            'state' => $state, 'lines' => '[]', 'submission' => '', 'task' => '', 'page' => '', 'mark' => '',
            'reason' => '', 'error' => '', 'advice' => '', 'webhook' => '', 'lease' => '', 'added' => $now, 'changed' => $now];
        return $this->db->run('INSERT IGNORE INTO {fiscalgate_operation} (`' . implode('`, `', array_keys($row)) . '`) VALUES ('
            . implode(', ', array_fill(0, count($row), '?')) . ')', ...array_values($row)) > 0;
    }

    /**
     * @param array<string, string|int> $set
     * @param string|int ...$values of the condition
     */
    private function change(Operation $old, array $set, string $condition, ...$values): bool
    {
        $set += ['changed' => ($this->clock)()];
        $names = array_map(static function (string $name): string {
            return '`' . $name . '` = ?';
        }, array_keys($set));
        $values = array_merge(array_values($set), [$old->order(), $old->name()], $values);
        return $this->db->run('UPDATE {fiscalgate_operation} SET ' . implode(', ', $names)
            . ' WHERE `order_id` = ? AND `operation` = ?' . $condition, ...$values) > 0;
    }

    /** @param array<array-key, mixed> $value in ASCII: some connections of OpenCart 3 cut longer characters off */
    private static function json(array $value): string
    {
        return json_encode($value, JSON_THROW_ON_ERROR);
    }
}
