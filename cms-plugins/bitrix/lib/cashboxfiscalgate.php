<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

use Bitrix\Catalog\VatTable;
use Bitrix\Main\Error;
use Bitrix\Main\Loader;
use Bitrix\Main\Localization\Loc;
use Bitrix\Sale\Cashbox\Cashbox;
use Bitrix\Sale\Cashbox\Check;
use Bitrix\Sale\Cashbox\CheckManager;
use Bitrix\Sale\Cashbox\Errors;
use Bitrix\Sale\Cashbox\ICheckable;
use Bitrix\Sale\Cashbox\IPrintImmediately;
use Bitrix\Sale\Result;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\OrderNumber;
use Fiscalgate\Sdk\Submission;
use Fiscalgate\Sdk\Vat;

Loc::loadMessages(__FILE__);

/**
 * A cash register of the core, for licences that have them. The core decides which checks there are; a check becomes an
 * operation of the module, posted in the background, and its EXTERNAL_UUID is the operation's number.
 *
 * Static where the core wants it; the core makes the objects.
 */
class CashboxFiscalgate extends Cashbox implements IPrintImmediately, ICheckable
{
    /** Under this key the buyer's page stands among the parameters of a printed check. */
    private const PAGE = 'fiscalgate_receipt_url';

    /** @return string */
    public static function getName()
    {
        return (string) Loc::getMessage('FISCALGATE_CASHBOX_NAME');
    }

    public static function getFfdVersion(): ?float
    {
        return 1.2;
    }

    /** @return bool for cores that do not ask for the version */
    public static function isSupportedFFD105()
    {
        return true;
    }

    /** @return array<string, mixed> */
    public function buildCheckQuery(Check $check)
    {
        $services = new Services();
        return $this->submission($check, $services->settings()->forCashbox($this->getField('SETTINGS')))->toArray();
    }

    /**
     * @param mixed $id
     * @return array<string, mixed>
     */
    public function buildZReportQuery($id)
    {
        return []; // the gateway closes shifts
    }

    /** @return Result with the UUID once the check is kept; an error means that it will never be printed */
    public function printImmediately(Check $check)
    {
        $result = new Result();
        try {
            $services = new Services();
            $submission = $this->submission($check, $services->settings()->forCashbox($this->getField('SETTINGS')));
            $orderId = (int) $check->getField('ORDER_ID');
            $services->worker()->enqueue(Operation::of($submission, Operation::CHECK, $orderId, (int) $this->getField('ID')));
            $result->setData(['UUID' => (string) $submission->getNumber()]);
        } catch (FiscalgateException $e) {
            $result->addError(new Errors\Error($e->getMessage()));
        }
        return $result;
    }

    /** @return Result */
    public function check(Check $check)
    {
        $services = new Services();
        $operation = $services->operations()->find((string) $check->getField('EXTERNAL_UUID'));
        if ($operation === null) {
            return (new Result())->addError(new Error((string) Loc::getMessage('FISCALGATE_CASHBOX_UNKNOWN')));
        }
        if (!$operation->isOver()) {
            $services->worker()->advance($operation);
        }
        if ($operation->isOver()) {
            return self::applyOperation($operation);
        }
        $why = $operation->error === '' ? $operation->state : $operation->error;
        $text = Loc::getMessage('FISCALGATE_CASHBOX_WAIT', ['#WHY#' => $why]);
        return (new Result())->addError(new Error((string) $text));
    }

    /** Tells the core how a check ended; again and again does no harm. */
    public static function applyOperation(Operation $operation): Result
    {
        return static::applyCheckResult(['operation' => $operation]);
    }

    /**
     * @param array<string, mixed> $linkParams
     * @return string
     */
    public function getCheckLink(array $linkParams)
    {
        $page = $linkParams[self::PAGE] ?? '';
        return is_string($page) && $page !== '' ? $page : parent::getCheckLink($linkParams);
    }

    /** The buyer's page is the gateway's: the core need not be told an OFD. */
    protected static function isSupportedDirectCheckLink(): bool
    {
        return true;
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    protected static function extractCheckData(array $data)
    {
        $operation = $data['operation'] ?? null;
        $info = $operation instanceof Operation ? CheckManager::getCheckInfoByExternalUuid($operation->number) : false;
        if (!is_array($info) || $info === []) {
            return [];
        }
        $result = ['ID' => $info['ID'], 'CHECK_TYPE' => $info['TYPE']];
        if (!$operation->isPrinted()) {
            $text = trim($operation->error . ' ' . $operation->advice);
            $result['ERROR'] = ['TYPE' => Errors\Error::TYPE, 'MESSAGE' => $text === '' ? $operation->state : $text];
        }
        $check = CheckManager::getObjectById($info['ID']);
        $mark = $operation->mark;
        $result['LINK_PARAMS'] = [
            Check::PARAM_REG_NUMBER_KKT => $mark['regNumber_1037'] ?? '',
            Check::PARAM_FISCAL_DOC_ATTR => $mark['fpd_1077'] ?? '',
            Check::PARAM_FISCAL_DOC_NUMBER => $mark['fd_1040'] ?? '',
            Check::PARAM_FISCAL_RECEIPT_NUMBER => $mark['receiptNumber_1042'] ?? '',
            Check::PARAM_FN_NUMBER => $mark['fn_1041'] ?? '',
            Check::PARAM_SHIFT_NUMBER => $mark['shift_1038'] ?? '',
            Check::PARAM_DOC_SUM => (float) $info['SUM'],
            Check::PARAM_DOC_TIME => (int) strtotime((string) ($mark['dateTime_1012'] ?? '')),
            Check::PARAM_CALCULATION_ATTR => $check === null ? '' : $check::getCalculatedSign(),
            self::PAGE => $operation->receiptUrl,
        ];
        return $result;
    }

    /**
     * @param int $modelId
     * @return array<string, mixed>
     */
    public static function getSettings($modelId = 0)
    {
        $text = static function (string $name): array {
            return ['TYPE' => 'STRING', 'LABEL' => Loc::getMessage('FISCALGATE_CASHBOX_' . $name)];
        };
        $settings = [
            'AUTH' => ['LABEL' => Loc::getMessage('FISCALGATE_CASHBOX_AUTH'), 'ITEMS' => [
                'URL' => $text('URL'), 'ACCOUNT' => $text('ACCOUNT'), 'TOKEN' => $text('TOKEN'), 'CODE' => $text('CODE'),
            ]],
            'FISCAL' => ['LABEL' => Loc::getMessage('FISCALGATE_CASHBOX_FISCAL'), 'ITEMS' => [
                'TAX_SYSTEM' => self::choice('TAX_SYSTEM', ['', '1', '2', '4', '16', '32']),
                'FFD' => ['TYPE' => 'ENUM', 'LABEL' => Loc::getMessage('FISCALGATE_CASHBOX_FFD'),
                    'OPTIONS' => ['1.2' => '1.2', '1.05' => '1.05'], 'VALUE' => '1.2'],
                'SITE' => $text('SITE'), 'CASHIER' => $text('CASHIER'),
            ]],
            'VAT' => ['LABEL' => Loc::getMessage('FISCALGATE_CASHBOX_VAT'), 'REQUIRED' => 'Y', 'ITEMS' => [
                'NOT_VAT' => self::rate((string) Loc::getMessage('FISCALGATE_CASHBOX_NOT_VAT'), Vat::NONE),
                'ADVANCE' => self::rate((string) Loc::getMessage('FISCALGATE_CASHBOX_ADVANCE'), Vat::NONE),
            ]],
        ];
        if (Loader::includeModule('catalog')) {
            $rows = VatTable::getList(['filter' => ['ACTIVE' => 'Y']]);
            while ($row = $rows->fetch()) {
                $usual = Vat::fromPercent((string) $row['RATE']);
                $settings['VAT']['ITEMS'][(int) $row['ID']] = self::rate($row['NAME'] . ' [' . (int) $row['RATE'] . '%]', $usual);
            }
        }
        return $settings;
    }

    private function submission(Check $check, Settings $settings): Submission
    {
        $receipt = CheckReceipt::make($check->getDataForCheck(), (string) $check::getType(), $settings);
        $number = OrderNumber::sale($settings->get('PREFIX') . '-check-' . (int) $check->getField('ID'));
        return Submission::of($number, $receipt, $settings->account());
    }

    /** @return array<string, mixed> */
    private static function rate(string $label, ?int $usual): array
    {
        $options = ['' => ''];
        foreach (Vat::ALL as $vat) {
            $options[(string) $vat] = Loc::getMessage('FISCALGATE_CASHBOX_VAT_' . $vat);
        }
        return ['TYPE' => 'ENUM', 'LABEL' => $label, 'OPTIONS' => $options, 'VALUE' => $usual === null ? '' : (string) $usual];
    }

    /**
     * @param string[] $values
     * @return array<string, mixed>
     */
    private static function choice(string $name, array $values): array
    {
        $options = [];
        foreach ($values as $value) {
            $options[$value] = Loc::getMessage('FISCALGATE_CASHBOX_' . $name . '_' . $value);
        }
        return ['TYPE' => 'ENUM', 'LABEL' => Loc::getMessage('FISCALGATE_CASHBOX_' . $name), 'OPTIONS' => $options, 'VALUE' => ''];
    }
}
