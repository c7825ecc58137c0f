<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * Whose goods an item is, where the shop sells in somebody's name. What must be told depends on the kind; each has its
 * own way to be made.
 */
final class Agent
{
    private int $type;
    private string $supplierName;
    private string $supplierInn;
    /** @var string[] */
    private array $supplierPhones;
    /** @var array<string, mixed> */
    private array $info;

    /**
     * @param string[] $supplierPhones
     * @param array<string, mixed> $info
     */
    private function __construct(int $type, string $name, string $inn, array $supplierPhones, array $info)
    {
        $this->type = $type;
        $this->supplierName = Text::required($name, 256, 'agent.supplierName');
        $this->supplierInn = Contact::requireInn($inn, 'agent.supplierInn', true);
        $this->supplierPhones = self::phones($supplierPhones, 'agent.supplierPhones');
        $this->info = $info;
    }

    /**
     * ATTORNEY, COMMISSION_AGENT or AGENT: what marketplaces and commission shops are.
     *
     * @param string[] $supplierPhones
     */
    public static function ofSupplier(int $type, string $name, string $inn, array $supplierPhones): self
    {
        if (!in_array($type, AgentType::ALL, true) || AgentType::isBank($type) || AgentType::isPaying($type)) {
            throw new ValidationException('agent.type', 'is not an attorney, commission agent or agent');
        }
        return new self($type, $name, $inn, $supplierPhones, []);
    }

    /**
     * PAYING_AGENT or PAYING_SUBAGENT.
     *
     * @param string[] $supplierPhones
     * @param string[] $agentPhones
     * @param string[] $operatorPhones
     */
    public static function paying(
        int $type,
        string $name,
        string $inn,
        array $supplierPhones,
        array $agentPhones,
        array $operatorPhones
    ): self {
        if (!AgentType::isPaying($type)) {
            throw new ValidationException('agent.type', 'is not a paying agent');
        }
        return new self($type, $name, $inn, $supplierPhones, [
            'paymentAgentPhone_1073' => self::oneOrList(self::phones($agentPhones, 'agent.agentPhones')),
            'paymentOperatorPhone_1074' => self::oneOrList(self::phones($operatorPhones, 'agent.operatorPhones')),
        ]);
    }

    /**
     * BANK_PAYING_AGENT or BANK_PAYING_SUBAGENT.
     *
     * @param string[] $supplierPhones
     * @param string[] $agentPhones
     * @param array{name: string, inn: string, address: string, phones: string[]} $transferOperator
     */
    public static function bank(
        int $type,
        string $name,
        string $inn,
        array $supplierPhones,
        string $operation,
        array $agentPhones,
        array $transferOperator
    ): self {
        if (!AgentType::isBank($type)) {
            throw new ValidationException('agent.type', 'is not a bank paying agent');
        }
        $operator = 'agent.transferOperator.';
        return new self($type, $name, $inn, $supplierPhones, [
            'agentOperation_1044' => Text::required($operation, 24, 'agent.operation'),
            'paymentAgentPhone_1073' => self::oneOrList(self::phones($agentPhones, 'agent.agentPhones')),
            'transferOperatorPhone_1075' =>
                self::oneOrList(self::phones($transferOperator['phones'], $operator . 'phones')),
            'transferOperatorName_1026' => Text::required($transferOperator['name'], 64, $operator . 'name'),
            'transferOperatorAddress_1005' => Text::required($transferOperator['address'], 256, $operator . 'address'),
            'transferOperatorInn_1016' => Contact::requireInn($transferOperator['inn'], $operator . 'inn'),
        ]);
    }

    /** @return array<string, mixed> what stands in the item */
    public function toData(): array
    {
        $data = ['agentType_1222' => $this->type];
        if ($this->info !== []) {
            $data['agentInfo_1223'] = $this->info;
        }
        $data['supplierInfo_1224'] = [
            'supplierPhone_1171' => self::oneOrList($this->supplierPhones),
            'supplierName_1225' => $this->supplierName,
        ];
        $data['supplierInn_1226'] = $this->supplierInn;
        return $data;
    }

    /**
     * @param string[] $phones
     * @return string[]
     */
    private static function phones(array $phones, string $field): array
    {
        if ($phones === []) {
            throw new ValidationException($field, 'is empty');
        }
        return array_map(static function (string $phone) use ($field): string {
            return Contact::requirePhone($phone, $field);
        }, array_values($phones));
    }

    /**
     * @param string[] $phones
     * @return string|string[]
     */
    private static function oneOrList(array $phones)
    {
        return count($phones) === 1 ? $phones[0] : $phones;
    }
}
