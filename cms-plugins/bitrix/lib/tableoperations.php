<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Fiscalgate\Sdk\Json;

/**
 * Operations in OperationTable, by the ORM only.
 */
final class TableOperations implements Operations
{
    public function find(string $number): ?Operation
    {
        return $this->select(['=NUMBER' => $number], ['ID' => 'ASC'], 1)[0] ?? null;
    }

    public function add(Operation $operation): bool
    {
        if ($this->find($operation->number) !== null) {
            return false;
        }
        try {
            $added = OperationTable::add($this->row($operation));
        } catch (\Throwable $e) {
            // Two hits at once: the index lets one of them in.
            if ($this->find($operation->number) !== null) {
                return false;
            }
            throw $e;
        }
        if (!$added->isSuccess()) {
            throw new \RuntimeException(implode('; ', $added->getErrorMessages()));
        }
        $operation->id = (int) $added->getId();
        return true;
    }

    public function save(Operation $operation): void
    {
        $saved = OperationTable::update($operation->id, $this->row($operation));
        if (!$saved->isSuccess()) {
            throw new \RuntimeException(implode('; ', $saved->getErrorMessages()));
        }
    }

    public function due(int $now, int $limit): array
    {
        return $this->select(['>DUE_AT' => 0, '<=DUE_AT' => $now], ['DUE_AT' => 'ASC', 'ID' => 'ASC'], $limit);
    }

    public function ofOrder(int $orderId, int $limit): array
    {
        return $this->select($orderId > 0 ? ['=ORDER_ID' => $orderId] : [], ['ID' => 'DESC'], $limit);
    }

    /**
     * @param array<string, mixed> $filter
     * @param array<string, string> $order
     * @return Operation[]
     */
    private function select(array $filter, array $order, int $limit): array
    {
        $found = [];
        $rows = OperationTable::getList(['filter' => $filter, 'order' => $order, 'limit' => $limit]);
        while ($row = $rows->fetch()) {
            $found[] = $this->operation($row);
        }
        return $found;
    }

    /** @return array<string, mixed> */
    private function row(Operation $operation): array
    {
        return ['NUMBER' => $operation->number, 'KIND' => $operation->kind, 'ORDER_ID' => $operation->orderId,
            'CASHBOX_ID' => $operation->cashboxId, 'SUBMISSION' => Json::encode($operation->submission),
            'STATE' => $operation->state, 'TASK_ID' => $operation->taskId, 'RECEIPT_URL' => $operation->receiptUrl,
            'MARK' => Json::encode($operation->mark), 'ERROR' => $operation->error, 'ADVICE' => $operation->advice,
            'TRIES' => $operation->tries, 'DUE_AT' => $operation->dueAt, 'SEQ' => $operation->seq,
            'WEBHOOK_ID' => $operation->webhookId, 'CREATED_AT' => $operation->createdAt];
    }

    /** @param array<string, mixed> $row */
    private function operation(array $row): Operation
    {
        $operation = new Operation(
            (string) $row['NUMBER'],
            (string) $row['KIND'],
            (int) $row['ORDER_ID'],
            (int) $row['CASHBOX_ID']
        );
        $operation->id = (int) $row['ID'];
        $operation->submission = Json::decode((string) $row['SUBMISSION']) ?? [];
        $operation->state = (string) $row['STATE'];
        $operation->taskId = (string) $row['TASK_ID'];
        $operation->receiptUrl = (string) $row['RECEIPT_URL'];
        $operation->mark = Json::decode((string) $row['MARK']) ?? [];
        $operation->error = (string) $row['ERROR'];
        $operation->advice = (string) $row['ADVICE'];
        $operation->tries = (int) $row['TRIES'];
        $operation->dueAt = (int) $row['DUE_AT'];
        $operation->seq = (int) $row['SEQ'];
        $operation->webhookId = (string) $row['WEBHOOK_ID'];
        $operation->createdAt = (int) $row['CREATED_AT'];
        return $operation;
    }
}
