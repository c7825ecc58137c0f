<?php

use Fiscalgate\Sdk\Money;

/**
 * Buttons of the panel and of the settings. The framework has checked the token of the form.
 */
class shopFiscalgatePluginBackendReceiptController extends waJsonController
{
    public function execute()
    {
        $task = waRequest::post('task', '', waRequest::TYPE_STRING_TRIM);
        if (waRequest::method() !== 'post' || !$this->isAllowed($task)) {
            throw new waRightsException(_ws('Access denied'));
        }
        try {
            $this->response = $this->doTask($task, wa('shop')->getPlugin('fiscalgate')->getReceipts());
        } catch (Throwable $e) {
            $this->errors = shopFiscalgatePlugin::explain($e);
        }
    }

    private function doTask($task, shopFiscalgatePluginReceipts $receipts)
    {
        $order_id = waRequest::post('order', 0, waRequest::TYPE_INT);
        switch ($task) {
            case 'check':
                $receipts->check();
                return _wp('The gateway answers and takes the receipts of this shop.');
            case 'sell':
                $receipts->sellByHand($order_id);
                break;
            case 'refund':
                $sum = waRequest::post('sum', '', waRequest::TYPE_STRING_TRIM);
                $receipts->refundByHand($order_id, $sum === '' ? null : Money::parse($sum));
                break;
            case 'retry':
                $operation = $receipts->retry(waRequest::post('key', '', waRequest::TYPE_STRING_TRIM));
                $order_id = $operation === null ? 0 : (int) $operation->getOrder();
                break;
            default:
                throw new waException('?', 404);
        }
        $receipts->work(2, $order_id);
        return _wp('Done');
    }

    /** The connection is for those who may change settings, the rest for those who work with orders. */
    private function isAllowed($task)
    {
        $user = wa()->getUser();
        return $user->isAdmin('shop') || (bool) $user->getRights('shop', $task === 'check' ? 'settings' : 'orders');
    }
}
