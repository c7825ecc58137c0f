<?php

// STUBS: cash registers and checks of the core.

declare(strict_types=1);

namespace Bitrix\Sale\Cashbox\Errors {
    class Error extends \Bitrix\Main\Error
    {
        public const TYPE = 'ERROR';
    }
}

namespace Bitrix\Sale\Cashbox {
    use Bitrix\Sale\Result;

    interface IPrintImmediately
    {
        public function printImmediately(Check $check);
    }

    interface ICheckable
    {
        public function check(Check $check);
    }

    abstract class Cashbox
    {
        /** @var array<string, mixed> */
        private array $fields;

        /** @param array<string, mixed> $fields */
        private function __construct(array $fields)
        {
            $this->fields = $fields;
        }

        /** @param array<string, mixed> $fields */
        public static function create(array $fields): self
        {
            $class = $fields['HANDLER'];
            return new $class($fields);
        }

        /** @return mixed */
        public function getField($name)
        {
            return $this->fields[$name] ?? null;
        }

        abstract public function buildCheckQuery(Check $check);

        abstract public function buildZReportQuery($id);

        public static function getName()
        {
            throw new \LogicException('not implemented');
        }

        public static function getSettings($modelId = 0)
        {
            return [];
        }

        public function getCheckLink(array $linkParams)
        {
            return $linkParams === [] ? '' : 'https://ofd.example/';
        }

        /** @param array<string, mixed> $data */
        public static function applyCheckResult(array $data)
        {
            $result = static::extractCheckData($data);
            return CheckManager::savePrintResult($result['ID'] ?? 0, $result);
        }

        protected static function extractCheckData(array $data)
        {
            throw new \LogicException('not implemented');
        }

        protected static function isSupportedDirectCheckLink(): bool
        {
            return false;
        }
    }

    abstract class Check
    {
        public const PARAM_FISCAL_DOC_NUMBER = 'fiscal_doc_number';
        public const PARAM_FISCAL_DOC_ATTR = 'fiscal_doc_attribute';
        public const PARAM_FISCAL_RECEIPT_NUMBER = 'fiscal_receipt_number';
        public const PARAM_FN_NUMBER = 'fn_number';
        public const PARAM_SHIFT_NUMBER = 'shift_number';
        public const PARAM_REG_NUMBER_KKT = 'reg_number_kkt';
        public const PARAM_DOC_TIME = 'doc_time';
        public const PARAM_DOC_SUM = 'doc_sum';
        public const PARAM_CALCULATION_ATTR = 'calculation_attribute';

        /** @var array<string, mixed> */
        public array $fields;
        /** @var array<string, mixed> */
        public array $data;

        /**
         * @param array<string, mixed> $fields
         * @param array<string, mixed> $data
         */
        public function __construct(array $fields, array $data)
        {
            $this->fields = $fields;
            $this->data = $data;
        }

        /** @return mixed */
        public function getField($name)
        {
            return $this->fields[$name] ?? null;
        }

        /** @return array<string, mixed> */
        public function getDataForCheck(): array
        {
            return $this->data;
        }

        abstract public static function getType();

        abstract public static function getCalculatedSign();
    }

    class SellCheck extends Check
    {
        public static function getType()
        {
            return 'sell';
        }

        public static function getCalculatedSign()
        {
            return 'income';
        }
    }

    final class SellReturnCheck extends SellCheck
    {
        public static function getType()
        {
            return 'sellreturn';
        }

        public static function getCalculatedSign()
        {
            return 'consumption';
        }
    }

    final class CheckManager
    {
        /** @var array<int, Check> */
        public static array $checks = [];
        /** @var array<int, array<int, array<string, mixed>>> what was saved, by check */
        public static array $saved = [];

        /** @return array<string, mixed>|false */
        public static function getCheckInfoByExternalUuid($uuid)
        {
            foreach (self::$checks as $id => $check) {
                if ($check->getField('EXTERNAL_UUID') === $uuid) {
                    return ['ID' => $id, 'TYPE' => $check::getType(), 'SUM' => '250.00'];
                }
            }
            return false;
        }

        public static function getObjectById($id): ?Check
        {
            return self::$checks[$id] ?? null;
        }

        /** @param array<string, mixed> $data */
        public static function savePrintResult($id, array $data): Result
        {
            $result = new Result();
            if ($id <= 0) {
                return $result->addError(new Errors\Error('no such check'));
            }
            if (($data['ERROR'] ?? null) !== null) {
                $result->addError(new Errors\Error($data['ERROR']['MESSAGE']));
            }
            self::$saved[$id][] = $data;
            return $result;
        }
    }

    final class Manager
    {
        /** @var array<int, array<string, mixed>> */
        public static array $list = [];

        /** @return array<int, array<string, mixed>> */
        public static function getListFromCache(): array
        {
            return self::$list;
        }
    }
}
