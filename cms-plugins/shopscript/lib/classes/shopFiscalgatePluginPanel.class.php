<?php

use Fiscalgate\Sdk\Money;
use Fiscalgate\Sdk\QrCode;
use Fiscalgate\Sdk\Shop\Operation;

/**
 * The receipts of an order, on its page in the backend.
 */
class shopFiscalgatePluginPanel
{
    const URL = '?plugin=fiscalgate&module=backend&action=receipt';

    /** @var Operation[] */
    private $operations;
    /** @var int */
    private $remaining;
    /** @var int */
    private $order_id;

    /** @param Operation[] $operations */
    public function __construct(array $operations, $remaining, $order_id)
    {
        $this->operations = $operations;
        $this->remaining = $remaining;
        $this->order_id = $order_id;
    }

    /** @return string */
    public function html($script)
    {
        $rows = implode('', array_map(array($this, 'row'), $this->operations));
        $table = $rows === '' ? '<p class="hint">'.self::text(_wp('There is no receipt yet.')).'</p>'
            : '<table class="zebra small"><tbody>'.$rows.'</tbody></table>';
        return '<div id="fiscalgate-panel" class="block" data-fiscalgate-url="'.self::text(self::URL)
            .'" data-fiscalgate-csrf="'.self::text((string) waRequest::cookie('_csrf', '')).'" data-fiscalgate-order="'
            .(int) $this->order_id.'"><h5>'.self::text(_wp('Receipts')).'</h5>'.$table.$this->actions()
            .'<p data-fiscalgate-answer></p></div><script src="'.self::text($script).'"></script>';
    }

    /** @return string the button of the settings */
    public static function connection($script)
    {
        return '<span data-fiscalgate-url="'.self::text(self::URL).'" data-fiscalgate-csrf="'
            .self::text((string) waRequest::cookie('_csrf', '')).'"><button type="button" class="button light-gray" '
            .'data-fiscalgate-task="check">'.self::text(_wp('Check connection')).'</button> <span class="hint" '
            .'data-fiscalgate-answer>'.self::text(_wp('Save first: what is saved is checked. Nothing is printed.'))
            .'</span></span><script src="'.self::text($script).'"></script>';
    }

    private function row(Operation $operation)
    {
        $is_stuck = $operation->needsSomebody() || $operation->getReason() !== '';
        $button = $operation->canRetry() && $is_stuck ? self::button('retry', _wp('Try again'), $operation->getKey()) : '';
        $error = $operation->getError() === '' ? ''
            : '<br><span class="errormsg state-error">'.nl2br(self::text($operation->getError())).'</span>';
        return '<tr><td>'.self::text($operation->isRefund() ? _wp('Refund') : _wp('Sale')).'<br><span class="hint">'
            .self::text((string) $operation->getNumber()).'</span></td><td>'.self::text(Money::format($operation->getTotal()))
            .'</td><td>'.self::text(self::state($operation)).$error.'</td><td>'.$this->mark($operation).'</td><td>'.$button
            .'</td></tr>';
    }

    private static function state(Operation $operation)
    {
        $words = array(
            'queued'    => _wp('in the queue'),
            'sending'   => _wp('being printed'),
            'waiting'   => _wp('being printed'),
            'done'      => _wp('printed'),
            'failed'    => _wp('not printed'),
            'cancelled' => _wp('cancelled'),
            'unknown'   => _wp('nobody knows: the operator looks'),
            ''          => $operation->getDue() > 0 ? _wp('waits to be handed over') : _wp('somebody must look'),
        );
        return ifset($words[$operation->getState()], $operation->getState());
    }

    private function mark(Operation $operation)
    {
        $mark = $operation->getMark();
        $html = '';
        if ($mark !== null) {
            $html = self::text(sprintf(_wp('FN %s, FD %d, FPD %s'), $mark->getDrive(), $mark->getDocument(), $mark->getSign()))
                .'<div style="width:7em">'.QrCode::svg($mark->getQr()).'</div>';
        }
        if (preg_match('~^https?://~Di', $operation->getPage())) {
            $html .= '<a href="'.self::text($operation->getPage()).'" target="_blank" rel="noopener noreferrer">'
                .self::text(_wp('Open the receipt')).'</a>';
        }
        return $html;
    }

    private function actions()
    {
        if (!$this->operations) {
            return self::button('sell', _wp('Print a receipt'), '');
        }
        return $this->remaining <= 0 ? '' : '<input type="text" class="short" inputmode="decimal" data-fiscalgate-sum placeholder="'
            .self::text(Money::format($this->remaining)).'" aria-label="'.self::text(_wp('Sum of the refund')).'"> '
            .self::button('refund', _wp('Print a refund'), '');
    }

    private static function button($task, $label, $key)
    {
        $confirm = $task === 'retry' ? ''
            : ' data-fiscalgate-confirm="'.self::text(_wp('A fiscal receipt will be printed. Go on?')).'"';
        return '<button type="button" class="button small light-gray" data-fiscalgate-task="'.self::text($task)
            .'" data-fiscalgate-key="'.self::text($key).'"'.$confirm.'>'.self::text($label).'</button>';
    }

    private static function text($text)
    {
        return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
